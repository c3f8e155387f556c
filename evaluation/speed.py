"""Speed and memory of every engine and fine-tuning unit, each in fresh processes (see `evaluation.speed_probe`)."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.errors import InputError
from engines.registry import ENGINES
from evaluation import speed_probe
from evaluation.progress import Notify
from evaluation.weights import weights_of

ROOT = Path(__file__).resolve().parent.parent
REFERENCE_REPETITIONS = 15
# Nobody waits longer than this for one process.
TIMEOUT = 3600

_HIGHLIGHTS = [
    f"make the {thing} clear" for thing in "cones people cars trees road buildings sky lamps signs grass".split()
]
# Sentences of each case; where there are several, the next one is also timed as a second sentence on the same pair.
CASES: dict[str, dict[str, list[str]]] = {
    "ris-fusion": {"highlight": _HIGHLIGHTS},
    "terf": {
        "fuse": [""],
        "illumination": ["brighten the image"],
        "denoising": ["denoise the image"],
        "inclination": ["bias the image towards infrared"],
    },
}
PLAIN = {"fuse": [""]}
DEFAULT_ENGINES = ("ris-fusion", "terf", "laplacian")

Record = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What to measure.

    Attributes:
        engines: Names, or NAME:CASE for one case of an engine.
        sizes: Width and height.
        threads: How many each process may use.
        repeat: Warm repetitions, fewer for a case that takes long.
        before: Another tree of SayFuse, measured in the same run.
    """

    engines: Sequence[str]
    sizes: Sequence[tuple[int, int]]
    threads: Sequence[int]
    repeat: int
    before: Path | None = None

    def cases(self) -> dict[str, dict[str, list[str]]]:
        """Sentences by case by engine.

        Raises:
            InputError: An engine or case nobody knows.
        """
        chosen: dict[str, dict[str, list[str]]] = {}
        for entry in self.engines:
            name, _, case = entry.partition(":")
            if name not in ENGINES:
                raise InputError(f"The engine must be one of {', '.join(ENGINES)}, but got {name!r}.")
            known = CASES.get(name, PLAIN)
            if case and case not in known:
                raise InputError(f"A case of {name} must be one of {', '.join(known)}, but got {case!r}.")
            chosen.setdefault(name, {}).update({case: known[case]} if case else known)
        return chosen


def measure(plan: Plan, notify: Notify | None = None) -> Record:
    """Carry out a plan, one process after the other; versions take turns, so that a change of load meets both.

    Returns:
        {"settings": {"weights": {engine: file and sha256, null for a method without any}}, of this tree's engines,
        "machine": {…}, "reference": {"what", "threads": {"1": {"seconds", "cpu_seconds"}}},
        "measurements": [{"version": "now" | "before", "engine", "case", "size": [width, height], "threads",
        "cold": {stage: seconds, …, "total"} (the first case of an engine, from the start of the process; else null),
        "warm": {"seconds", "cpu_seconds", "stages": {stage: seconds}, "repetitions"}, medians on pairs not seen before,
        "second": the same for another sentence on the same pair, or null, "peak_mib",
        "ratio": warm seconds over the reference's}],
        "scaling": [{"version", "engine", "case", "threads", "exponent", "stages": {stage: exponent}}]}: warm seconds
        grow as pixels to the power of the exponent, fitted over the sizes.

    Raises:
        InputError: An unknown engine, a `before` that is no SayFuse, or a process that failed.
        CheckpointError: An engine's weights are missing or damaged.
    """
    cases = plan.cases()
    trees = {"now": ROOT} if plan.before is None else {"before": plan.before.resolve(), "now": ROOT}
    for tree in trees.values():
        if not (tree / "engines" / "registry.py").is_file():
            raise InputError(f"{tree} must be the top folder of a copy of SayFuse, but has no engines/registry.py.")
    weights = {name: weights_of(name) for name in cases}
    jobs = [
        (version, name, size, threads)
        for name in cases
        for size in plan.sizes
        for threads in plan.threads
        for version in trees
    ]
    reference = {}
    for threads in plan.threads:
        _tell(notify, 0, len(jobs), f"reference, {threads} threads")
        reference[str(threads)] = _probe({"reference": REFERENCE_REPETITIONS, "threads": threads}, ROOT)
    measurements = []
    for done, (version, name, size, threads) in enumerate(jobs):
        _tell(notify, done, len(jobs), f"{name} {size[0]}x{size[1]}, {threads} threads, {version}")
        job = {"engine": name, "cases": cases[name], "size": size, "threads": threads, "repeat": plan.repeat}
        for case, result in _probe(job, trees[version])["cases"].items():
            about = {"version": version, "engine": name, "case": case, "size": list(size), "threads": threads}
            ratio = result["warm"]["seconds"] / reference[str(threads)]["seconds"]
            measurements.append({**about, **result, "ratio": ratio})
    return {
        "settings": {"weights": weights},
        "machine": _machine(),
        "reference": {"what": speed_probe.REFERENCE, "threads": reference},
        "measurements": measurements,
        "scaling": scaling(measurements),
    }


def _tell(notify: Notify | None, done: int, total: int, name: str) -> None:
    if notify is not None:
        notify(done, total, name)


def _probe(job: Record, tree: Path) -> Record:
    environment = {**os.environ, "OMP_NUM_THREADS": str(job["threads"]), "HF_HUB_OFFLINE": "1"}
    program = [sys.executable, str(Path(speed_probe.__file__)), json.dumps({**job, "launched": time.time()})]
    done = subprocess.run(program, cwd=tree, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise InputError(f"Measuring {job.get('engine', 'the reference')} in {tree} failed: {why}")
    return json.loads(done.stdout.splitlines()[-1])


def _machine() -> Record:
    import torch

    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def scaling(measurements: Iterable[Record]) -> list[Record]:
    """Exponents of warm seconds against pixels, for every case measured at two sizes or more."""
    groups: dict[tuple, list[Record]] = {}
    for record in measurements:
        key = tuple(record[name] for name in ("version", "engine", "case", "threads"))
        groups.setdefault(key, []).append(record)
    fitted = []
    for key, records in groups.items():
        pixels = [record["size"][0] * record["size"][1] for record in records]
        if len(set(pixels)) < 2:
            continue
        stages = {
            stage: exponent(pixels, [record["warm"]["stages"].get(stage, 0.0) for record in records])
            for stage in records[0]["warm"]["stages"]
        }
        whole = exponent(pixels, [record["warm"]["seconds"] for record in records])
        named = dict(zip(("version", "engine", "case", "threads"), key, strict=True))
        fitted.append({**named, "exponent": whole, "stages": stages})
    return fitted


def exponent(pixels: Sequence[int], seconds: Sequence[float]) -> float | None:
    """The slope of log seconds over log pixels, by least squares; None where a stage took less than 0.1 ms."""
    if min(seconds) < 1e-4:
        return None
    x, y = [math.log(value) for value in pixels], [math.log(value) for value in seconds]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((value - mean_x) ** 2 for value in x)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
