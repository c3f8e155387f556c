"""A pair of 20 megapixels is fused within 4 GB of memory, and where its pieces meet nothing shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engines.ris_fusion import engine as ris_fusion
from engines.terf import tiled

ROOT = Path(__file__).resolve().parents[2]
HEIGHT, WIDTH = 3648, 5472
GIGABYTES = 4
# Waves on the slant: every row and every column sees all of their phases, so that none stands out by itself.
PROGRAM = """
import json, resource, sys
import numpy as np
import engines
from engines.color import image_luma
from engines.types import Edit, ImagePair, Instruction

name, height, width, file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
visible = np.empty((height, width, 3), np.float32)
for channel, length in enumerate((19.0, 23.0, 29.0)):
    visible[..., channel] = 0.45 + 0.3 * np.sin((0.8 * columns + 0.6 * rows) / length)
infrared = 0.4 + 0.3 * np.sin((0.7 * rows - 0.7 * columns) / 31.0)
edits = (Edit("the cars", "highlight"),) if name == "ris-fusion" else ()
result = engines.build(name, device="cpu").fuse(ImagePair(visible, infrared), Instruction(edits=edits))
np.save(file, image_luma(result.image) - image_luma(visible))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"peak": peak, "mask": result.mask is not None and list(result.mask.shape), "notes": result.notes}))
"""


def bend(change: np.ndarray, axis: int, length: int = 512) -> np.ndarray:
    """How sharply a picture (H, W) bends at each row (axis 0) or column (axis 1), the mean along it."""
    lines = change if axis == 0 else change.T
    inner = [np.abs(np.diff(lines[:, i : i + length], n=2, axis=0)).sum(axis=1) for i in range(0, len(lines.T), length)]
    return np.sum(inner, axis=0) / lines.shape[1]


def seam(change: np.ndarray, side: int) -> float:
    """The sharpest bend where pieces of a side meet over the 99th percentile of all."""
    worst = 0.0
    for axis, extent in enumerate(change.shape):
        bends = bend(change, axis)
        # The second difference of line i is about line i + 1; a step between two lines bends both.
        meeting = [line - offset for line in range(side, extent - 1, side) for offset in (1, 2)]
        worst = max(worst, float(bends[meeting].max() / np.percentile(bends, 99)))
    return worst


def fused(name: str, height: int, width: int, folder: Path) -> tuple[np.ndarray, dict]:
    file = folder / "change.npy"
    command = [sys.executable, "-c", PROGRAM, name, str(height), str(width), str(file)]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return np.load(file, mmap_mode="r"), json.loads(output.splitlines()[-1])


def test_a_seam_of_one_grey_level_would_be_found():
    rows, columns = np.mgrid[0:200, 0:300].astype(np.float32)
    change = 0.1 * np.sin((0.8 * columns + 0.6 * rows) / 19.0)
    assert seam(change, 64) < 1.05
    change[:, 128:] += 1.0 / 255.0
    assert seam(change, 64) > 1.5


@pytest.mark.slow
@pytest.mark.parametrize(("name", "side"), [("ris-fusion", ris_fusion._SIDE), ("terf", tiled.SIDE)])
def test_twenty_megapixels_within_four_gigabytes_and_without_seams(name, side, tmp_path):
    change, told = fused(name, HEIGHT, WIDTH, tmp_path)
    assert told["peak"] < GIGABYTES * 2**30, f"{told['peak'] / 2**30:.2f} GB"
    assert np.isfinite(change).all() and change.std() > 0.01
    assert seam(change, side) < 1.2
    if name == "ris-fusion":
        assert told["mask"] == [HEIGHT, WIDTH] and any("in pieces" in note for note in told["notes"])
