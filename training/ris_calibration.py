"""Sets the head's operating point: `python -m training.ris_calibration --data PATH`.

The balanced cross-entropy makes small objects count and masks too large. On a sample of training references (never the
validation ones) the margin between the two classes that gives the best mean IoU is found and taken off the last bias,
so that one half is the right threshold again.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from engines.checkpoints import CHECKPOINT_DIR, load_safetensors, load_strict, save_safetensors
from engines.errors import SayFuseError
from engines.ris_fusion.config import RisFusionConfig
from engines.ris_fusion.model import RisFusionModel
from engines.text_encoder import text_encoder
from training.references import read_scenes
from training.ris_validation import pair_tensors

logger = logging.getLogger(__name__)

CHECKPOINT = CHECKPOINT_DIR / "ris_fusion_embedded.safetensors"
MARGINS = np.linspace(-2.0, 4.0, 25)


def best_margin(ious: np.ndarray) -> float:
    """The margin of MARGINS with the best mean IoU; `ious` is (samples, len(MARGINS))."""
    return float(MARGINS[ious.mean(axis=0).argmax()])


def ious_by_margin(margin: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """IoU of `margin > m` with the truth for every m of MARGINS, (len(MARGINS),); both (H, W)."""
    predicted = margin[None] > MARGINS[:, None, None]
    intersection = (predicted & truth).sum(axis=(1, 2))
    union = (predicted | truth).sum(axis=(1, 2))
    return np.where(union > 0, intersection / np.maximum(union, 1), 1.0)


@torch.inference_mode()
def measure(model: RisFusionModel, data: Path, samples: int) -> np.ndarray:
    """IoU of `samples` training references at every margin, (samples, len(MARGINS))."""
    encoder = text_encoder(model.config.text_encoder, model.config.max_words)
    items = [(scene, reference) for scene in read_scenes(data, "train") for reference in scene.references]
    rows = []
    for scene, reference in items[:: max(1, len(items) // samples)]:
        words = encoder.encode([reference.sentences[0]])
        visible, infrared = pair_tensors(scene, scene.infrared.shape)
        out = model(visible, infrared, words.words, words.mask, mask_size=model.config.mask_size)
        truth = reference.mask().astype(bool)
        margin = F.interpolate(out.logits[:, 1:] - out.logits[:, :1], size=truth.shape, mode="bilinear")
        rows.append(ious_by_margin(margin[0, 0].numpy(), truth))
    return np.array(rows)


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.ris_calibration", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--mask-size", type=int, nargs=2, metavar=("H", "W"), help="also set the head's size")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        state, configuration = load_safetensors(CHECKPOINT)
        if args.mask_size:
            configuration["mask_size"] = args.mask_size
        model = RisFusionModel(RisFusionConfig.from_dict(configuration)).eval()
        load_strict(model, {k: v.float() if v.is_floating_point() else v for k, v in state.items()}, CHECKPOINT.name)
        ious = measure(model, args.data, args.samples)
    except SayFuseError as error:
        print(error, file=sys.stderr)
        return 2
    margin = best_margin(ious)
    state["model.classifier.conv1_1.bias"][1] -= margin
    save_safetensors(CHECKPOINT, state, configuration)
    before = ious[:, np.abs(MARGINS).argmin()].mean()
    logger.info(
        "margin %.2f: mean IoU %.1f -> %.1f on %d training references",
        margin,
        100 * before,
        100 * ious.mean(axis=0).max(),
        len(ious),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
