"""A batch on this machine: in this process, or in several that may be ended without loss."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for

from app.batch import Job, Record, Settings, fuse_one

# How often a pair whose worker was ended is tried by itself before it counts as failed.
SOLO_TRIES = 2
LOST = "The system ended the process that fused this pair, {tries} times, often for memory: use fewer --workers."


def threads_for(workers: int) -> int:
    """Threads per process when `workers` of them share the cores."""
    return max(1, (os.cpu_count() or 1) // workers)


def fuse_all(
    jobs: Sequence[Job], settings: Settings, workers: int = 1, threads: int | None = None
) -> Iterator[tuple[str, Record]]:
    """Fuse every pair, yielding what `fuse_one` gives as each is done.

    A worker that the system ends (or a person) costs nothing: its pair and those of its neighbours, which end with it,
    are tried again one by one, and only a pair that loses its process each time is given up.

    Args:
        jobs: The pairs.
        settings: What is the same for every pair.
        workers: Processes. 1 works in this process.
        threads: Threads of each process; None shares the cores, or in this process leaves them as they are.
    """
    if workers == 1:
        if threads is not None:
            use_threads(threads)
        for job in jobs:
            yield fuse_one(job, settings)
        return
    threads = threads or threads_for(workers)
    waiting, suspects = deque(jobs), deque()
    tries: dict[str, int] = {}
    while waiting or suspects:
        alone = bool(suspects)
        queue = deque([suspects.popleft()]) if alone else waiting
        lost = yield from _in_pool(queue, settings, 1 if alone else workers, threads)
        for job in lost:
            tries[job.stem] = tries.get(job.stem, 0) + alone
            if tries[job.stem] < SOLO_TRIES:
                suspects.append(job)
            else:
                yield job.stem, {"error": LOST.format(tries=SOLO_TRIES + 1)}


def _in_pool(queue: deque[Job], settings: Settings, workers: int, threads: int) -> Iterator[tuple[str, Record]]:
    """Work off the queue until it is empty or a process ends; returns the jobs that were under way then."""
    # Forked children would inherit the locks and thread pools of torch and llama.cpp.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=prepare_worker, initargs=(threads,))
    running: dict[Future, Job] = {}
    lost: list[Job] = []
    try:
        while (queue and not lost) or running:
            # No more at once than there are processes, so that few pairs are under suspicion when one ends.
            while queue and not lost and len(running) < workers:
                job = queue.popleft()
                try:
                    running[pool.submit(fuse_one, job, settings)] = job
                except BrokenProcessPool:
                    lost.append(job)
            done, _ = wait(running, return_when=FIRST_COMPLETED) if running else (set(), set())
            for future in done:
                job = running.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    lost.append(job)
                else:
                    yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return lost


def prepare_worker(threads: int) -> None:
    """Set up a fresh worker process: its share of the cores, and an end of its own when its parent is gone."""
    use_threads(threads)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def use_threads(threads: int) -> None:
    """How many threads the pictures of this process may use."""
    # Torch and what it calls read the variable when they are loaded; the calls serve those that are loaded already.
    os.environ["OMP_NUM_THREADS"] = str(threads)
    import cv2
    import torch

    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
