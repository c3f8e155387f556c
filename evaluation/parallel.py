"""Many independent items in one or several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from engines.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(work: Callable[[Item], Result], items: Sequence[Item], workers: int = 1) -> Iterator[tuple[Item, Result]]:
    """Do `work` on every item, yielding each with its result as it is done.

    Args:
        work: A function of a module, or a partial of one, so that it can be sent to another process.
        items: What to work on; the order of the results is this one only with one worker.
        workers: Processes; they share the cores. 1 works in this process.

    Raises:
        InputError: Fewer than one worker, or the system ended one. What `work` raises comes through.
    """
    if workers < 1:
        raise InputError(f"The number of workers must be at least 1, but got {workers}.")
    if workers == 1 or len(items) < 2:
        for item in items:
            yield item, work(item)
        return
    # Forked children would inherit the locks and thread pools of torch and OpenCV.
    context = multiprocessing.get_context("spawn")
    threads = max(1, (os.cpu_count() or 1) // workers)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_share_cores, initargs=(threads,)) as pool:
        jobs = {pool.submit(work, item): item for item in items}
        try:
            for job in as_completed(jobs):
                yield jobs[job], job.result()
        except BrokenProcessPool as error:
            raise InputError("The system ended a worker process, often for memory: use fewer --workers.") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _share_cores(threads: int) -> None:
    # Torch reads the variable when it is imported, which only the work does.
    os.environ["OMP_NUM_THREADS"] = str(threads)
    import cv2

    cv2.setNumThreads(threads)
