"""Many pairs with one instruction, in one or several processes."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines import InputError, Instruction, SayFuseError

logger = logging.getLogger(__name__)

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True)
class Settings:
    """What is the same for every pair; the instruction is parsed once. Each picture goes to output/STEM.png."""

    instruction: Instruction
    engine: str
    preset: str
    checkpoint: str | None
    output: Path


def _by_stem(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise InputError(f"{folder} must be a folder of pictures, but there is none.")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        if path.stem in found:
            raise InputError(f"{folder} has {found[path.stem].name} and {path.name}: two pictures of one name.")
        found[path.stem] = path
    return found


def matched(visible: Path, infrared: Path) -> tuple[dict[str, tuple[Path, Path]], list[str]]:
    """Pair the pictures of two folders by file stem.

    Returns:
        Stem -> (visible file, infrared file), sorted, and the names of files without a partner.

    Raises:
        InputError: A folder is missing, has one stem twice, or no stem is in both.
    """
    left, right = _by_stem(visible), _by_stem(infrared)
    files = {stem: (left[stem], right[stem]) for stem in left if stem in right}
    if not files:
        raise InputError(f"No picture in {visible} has a partner of the same name in {infrared}.")
    alone = [(left | right)[stem].name for stem in sorted(left.keys() ^ right.keys())]
    return files, alone


def fuse_one(stem: str, visible: Path, infrared: Path, settings: Settings) -> tuple[str, dict[str, Any]]:
    """Fuse one pair and write output/STEM.png.

    Returns:
        The stem and its report, or {"error": sentence} where the pair cannot be fused.
    """
    from app.pairs import read_pair, write_png
    from app.pipeline import fuse
    from app.report import report

    try:
        pair = read_pair(visible, infrared)
        outcome = fuse(pair, settings.instruction, settings.engine, settings.preset, settings.checkpoint)
        write_png(settings.output / f"{stem}.png", outcome.result.image)
    except SayFuseError as error:
        return stem, {"error": str(error)}
    except Exception as error:
        # One picture that uncovers a defect must not cost the person the other pictures.
        logger.debug("The pair %s failed.", stem, exc_info=True)
        return stem, {"error": f"SayFuse failed ({type(error).__name__}: {error})."}
    return stem, report(outcome)


def _share_cores(threads: int) -> None:
    os.environ["OMP_NUM_THREADS"] = str(threads)


def fuse_all(
    files: dict[str, tuple[Path, Path]], settings: Settings, workers: int = 1
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Fuse every pair, yielding what `fuse_one` gives as each is done.

    Args:
        files: Stem -> (visible file, infrared file).
        settings: What is the same for every pair.
        workers: Processes; the cores are shared among them. 1 works in this process.
    """
    if workers == 1:
        for stem, (visible, infrared) in files.items():
            yield fuse_one(stem, visible, infrared, settings)
        return
    # Forked children would inherit the locks and thread pools of torch and llama.cpp.
    context = multiprocessing.get_context("spawn")
    threads = max(1, (os.cpu_count() or 1) // workers)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_share_cores, initargs=(threads,)) as pool:
        jobs = [pool.submit(fuse_one, stem, *paths, settings) for stem, paths in files.items()]
        try:
            for job in as_completed(jobs):
                yield job.result()
        except BrokenProcessPool as error:
            raise InputError("The system ended a worker process, often for memory: use fewer --workers.") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
