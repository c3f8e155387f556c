"""A batch on a Ray cluster, or on Ray on one machine; Ray is an optional extra (`pip install ray`).

The output folder, and the input folders, must be the same for every machine (a network file system).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from app.batch import Job, Record, Settings, fuse_one
from app.batch_processes import LOST, threads_for, use_threads
from engines.errors import InputError

# How often Ray gives a pair to another worker when one is ended.
RETRIES = 2
LOCAL = "local"
_ROOT = str(Path(__file__).resolve().parent.parent)


def fuse_all_with_ray(
    jobs: Sequence[Job], settings: Settings, address: str = LOCAL, workers: int = 1, threads: int | None = None
) -> Iterator[tuple[str, Record]]:
    """Fuse every pair as Ray tasks, yielding what `app.batch.fuse_one` gives as each is done.

    Ray starts a lost worker's task again elsewhere. Pictures are written by the workers, whole or not at all.

    Args:
        jobs: The pairs.
        settings: What is the same for every pair; its output folder is made absolute.
        address: "local" starts Ray on this machine for the length of the batch; else an address `ray.init` takes,
            e.g. "auto" for the cluster this machine belongs to.
        workers: Pairs under way at once.
        threads: Threads, and therefore cores, for each; None shares this machine's.

    Raises:
        InputError: Ray is not installed, or cannot be reached.
    """
    try:
        import ray
    except ImportError as error:
        raise InputError("--ray needs the package ray: run `pip install ray`.") from error
    threads = threads or threads_for(workers)
    environment = {"env_vars": {"PYTHONPATH": _ROOT, "OMP_NUM_THREADS": str(threads)}}
    here = {"num_cpus": workers * threads, "include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(address=address, runtime_env=environment, log_to_driver=False, logging_level="ERROR", **here)
    except Exception as error:
        # Ray raises the bare class where its services do not come up in time.
        raise InputError(f"Ray cannot be used at {address!r}: {error}.") from error
    try:
        yield from _as_tasks(ray, jobs, settings, workers, threads)
    finally:
        ray.shutdown()


def _as_tasks(
    ray: ModuleType, jobs: Sequence[Job], settings: Settings, workers: int, threads: int
) -> Iterator[tuple[str, Record]]:
    task = ray.remote(num_cpus=threads, max_retries=RETRIES)(_fuse_with_threads)
    shared = ray.put(settings)
    waiting, running = list(reversed(jobs)), {}
    while waiting or running:
        while waiting and len(running) < workers:
            job = waiting.pop()
            running[task.remote(job, shared, threads)] = job
        (done, *_), _ = ray.wait(list(running), num_returns=1)
        job = running.pop(done)
        try:
            yield ray.get(done)
        except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError, ray.exceptions.NodeDiedError):
            yield job.stem, {"error": LOST.format(tries=RETRIES + 1)}


def _fuse_with_threads(job: Job, settings: Settings, threads: int) -> tuple[str, Record]:
    use_threads(threads)
    return fuse_one(job, settings)
