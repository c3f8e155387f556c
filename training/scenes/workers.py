"""Renders many plans in processes that share the cores; a run that was stopped is taken up."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from training.scenes.curated import PLANS
from training.scenes.plan import Plan
from training.scenes.writer import is_complete, read_index, write, write_index

log = logging.getLogger("training.scenes")


def render_all(
    folder: Path, plans: list[Plan], size: tuple[int, int], samples: int, workers: int = 1, anew: bool = False
) -> None:
    """Render what is not complete and list it in the index, in the order of the plans.

    Args:
        folder: Where the pictures and their index go; made if needed. Pictures of other plans stay in the index.
        plans: What to render.
        size: Width and height in pixels.
        samples: Paths per pixel of the visible pictures.
        workers: Processes.
        anew: Render what is complete, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = {entry["name"]: entry for entry in read_index(folder)}
    missing = [plan for plan in plans if anew or not is_complete(folder, entries.get(plan.name), size)]
    log.info("%d of %d are there already", len(plans) - len(missing), len(plans))
    threads = max(1, (os.cpu_count() or 1) // workers)
    started = time.monotonic()
    # Blender keeps one scene per process, so every worker is a process of its own.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawned, initializer=_ignore_interrupts) as pool:
        jobs = [pool.submit(_render_one, folder, plan, size, samples, threads) for plan in missing]
        try:
            for done, job in enumerate(as_completed(jobs), start=1):
                entry = job.result()
                entries[entry["name"]] = entry
                write_index(folder, _ordered(entries, plans))
                each = (time.monotonic() - started) / done
                log.info("%d of %d: %s, %.1f s a picture", done, len(missing), entry["name"], each)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _ordered(entries: dict[str, dict], plans: list[Plan]) -> list[dict]:
    """Curated pictures in the order of curated.PLANS and those of this run in the order of its plans; others first."""
    order = list(dict.fromkeys(plan.name for plan in (*PLANS, *plans)))
    return sorted(entries.values(), key=lambda entry: order.index(entry["name"]) if entry["name"] in order else -1)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that started the workers: they finish their picture, it starts no further one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _render_one(folder: Path, plan: Plan, size: tuple[int, int], samples: int, threads: int) -> dict:
    from training.scenes.render import render

    return write(folder, plan, render(plan, size, samples, threads))
