"""Measures one engine in a process of its own: how long its stages take, first and later, and how much memory.

It is a program, not a module for others: `python evaluation/speed_probe.py JOB` runs in the top folder of the tree to
be measured, which may be an older one than this file's, and prints one line of JSON. It therefore uses nothing but what
every version has: `engines.build`, `app.parser.parse`, `app.pairs.read_pair` and the example pictures.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

# A case is not repeated any more once its repetitions have taken this long.
PATIENCE = 5.0
LAYERS, CHANNELS, REFERENCE_SIZE = 4, 32, (240, 320)
REFERENCE = f"{LAYERS} convolutions 3×3 of {CHANNELS} channels with ReLU on 320×240, float32, channels last"
EXAMPLE = "app/examples/day_crossing"


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job.

    Args:
        job: {"engine", "cases": {name: [sentences]}, "size": [width, height], "threads", "repeat", "launched": Unix
            time}, or {"reference": repetitions, "threads"}.

    Returns:
        {case: measurement} as `evaluation.speed.measure` says, or the reference's seconds.
    """
    sys.path[0] = os.getcwd()
    os.environ["OMP_NUM_THREADS"] = str(job["threads"])
    if "reference" in job:
        return reference(job["threads"], job["reference"])
    return {"cases": measured(job)}


def reference(threads: int, repeat: int) -> dict[str, float]:
    """Median wall-clock and processor seconds of REFERENCE."""
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    layers = [layer for _ in range(LAYERS) for layer in (nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1), nn.ReLU())]
    stack = nn.Sequential(*layers).to(memory_format=torch.channels_last).eval()
    picture = torch.rand(1, CHANNELS, *REFERENCE_SIZE).to(memory_format=torch.channels_last)
    with torch.inference_mode():
        stack(picture)
        times = [timed(lambda: stack(picture))[1:] for _ in range(repeat)]
    return {
        "seconds": statistics.median(wall for wall, _ in times),
        "cpu_seconds": statistics.median(cpu for _, cpu in times),
    }


def measured(job: dict[str, Any]) -> dict[str, Any]:
    """Every case of a job, the first one from a cold start."""
    stages = {"start": time.time() - job["launched"]}
    begun = time.perf_counter()
    import cv2

    import engines
    from app.pairs import read_pair
    from app.parser import parse

    pair = read_pair(f"{EXAMPLE}_visible.jpg", f"{EXAMPLE}_infrared.png")
    size = tuple(job["size"])
    visible, infrared = (cv2.resize(picture, size) for picture in (pair.visible, pair.infrared))
    cv2.setNumThreads(job["threads"])
    stages["import"] = time.perf_counter() - begun
    engine, stages["load"], _ = timed(lambda: engines.build(job["engine"]))
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(job["threads"])

    pairs = 0

    def another_pair() -> Any:
        """Alike, but with a pixel of its own, so that nothing kept of an earlier pair serves it."""
        nonlocal pairs
        pairs += 1
        changed = infrared.copy()
        changed[0, 0] = pairs / 1000
        return engines.ImagePair(visible, changed)

    def edit(pair: Any, text: str) -> dict[str, float]:
        instruction, parsing, _ = timed(lambda: parse(text, parser="rules"))
        return {"parse": parsing, **engine.fuse(pair, instruction).seconds}

    results = {}
    for case, sentences in job["cases"].items():
        forget_peak()
        cold = None
        texts = iter(sentences * (2 * job["repeat"] + 2))
        if not results:
            first, seconds, _ = timed(lambda texts=texts: edit(another_pair(), next(texts)))
            cold = {**stages, **first, "total": sum(stages.values()) + seconds}
        else:
            edit(another_pair(), next(texts))
        runs, again, begun = [], [], time.perf_counter()
        while len(runs) < job["repeat"] and (not runs or time.perf_counter() - begun < PATIENCE):
            pair = another_pair()
            runs.append(timed(lambda pair=pair, texts=texts: edit(pair, next(texts))))
            if len(sentences) > 1:
                again.append(timed(lambda pair=pair, texts=texts: edit(pair, next(texts))))
        results[case] = {
            "cold": cold,
            "warm": summary(runs),
            "second": summary(again) if again else None,
            "peak_mib": peak_mib(),
        }
    return results


def timed(work: Any) -> tuple[Any, float, float]:
    """What a function returns, its wall-clock and its processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def summary(runs: list[tuple[dict[str, float], float, float]]) -> dict[str, Any]:
    """Medians over repetitions."""
    names = list(dict.fromkeys(name for stages, _, _ in runs for name in stages))
    return {
        "seconds": statistics.median(wall for _, wall, _ in runs),
        "cpu_seconds": statistics.median(cpu for _, _, cpu in runs),
        "stages": {name: statistics.median(stages.get(name, 0.0) for stages, _, _ in runs) for name in names},
        "repetitions": len(runs),
    }


def forget_peak() -> None:
    """Start counting the peak memory afresh, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_mib() -> float:
    """The most memory this process has held at once, in MiB."""
    try:
        # Not getrusage: its peak is handed down from the process that started this one.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
