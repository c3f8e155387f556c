"""Mask quality on held-out pictures during training: mean IoU, per kind, at the annotation's size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.ris_fusion.model import RisFusionModel
from training.references import Scene


@torch.inference_mode()
def validate(
    model: RisFusionModel,
    text: Callable[[list[str]], tuple[Tensor, Tensor]],
    scenes: list[Scene],
    limit: int | None = None,
    size: tuple[int, int] | None = None,
    fusion_size: tuple[int, int] = (480, 640),
    told: bool = True,
) -> dict[str, float]:
    """Mean IoU in percent, objects ended where the configuration's outline says.

    Args:
        model: Put into eval mode, and back into the mode it had.
        text: Sentences to words and mask.
        scenes: The held-out pictures.
        limit: Score about this many sentences, spread evenly; None for all.
        size: Height and width at which the head works; None for the configuration's.
        fusion_size: Height and width at which the pair is fused.
        told: False withholds the text from the fusion stage.

    Returns:
        {"n", "mIoU", "P@0.5", "mIoU <kind>"…}.
    """
    was_training = model.training
    model.eval()
    items = [(s, r, sentence) for s in scenes for r in s.references for sentence in r.sentences]
    if limit is not None:
        items = items[:: max(1, len(items) // limit)]
    scores: dict[str, list[float]] = defaultdict(list)
    pictures: dict[int, tuple[Tensor, Tensor]] = {}
    for scene, reference, sentence in items:
        if id(scene) not in pictures:
            pictures = {id(scene): pair_tensors(scene, fusion_size)}
        visible, infrared = pictures[id(scene)]
        words, mask = text([sentence])
        heard = mask if told else torch.zeros_like(mask)
        out = model(visible, infrared, words, mask, heard, mask_size=size or model.config.mask_size)
        truth = reference.mask().astype(bool)
        logit = (out.logits[:, 1:] - out.logits[:, :1]).float()
        threshold = model.config.outline.threshold(logit)
        full = F.interpolate(logit, size=truth.shape, mode="bilinear", align_corners=False)
        predicted = full[0, 0].numpy() > threshold
        union = np.logical_or(predicted, truth).sum()
        scores[reference.kind].append(100 * np.logical_and(predicted, truth).sum() / union if union else 100.0)
    model.train(was_training)
    every = [score for values in scores.values() for score in values]
    result = {"n": len(every), "mIoU": np.mean(every), "P@0.5": 100 * np.mean(np.array(every) > 50)}
    result |= {f"mIoU {kind}": np.mean(values) for kind, values in sorted(scores.items())}
    return {key: round(float(value), 2) for key, value in result.items()}


def pair_tensors(scene: Scene, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Visible (1, 3, H, W) and infrared (1, 1, H, W) in [0, 1], resized to (H, W) = `size`."""
    visible = torch.from_numpy(scene.visible).permute(2, 0, 1)[None].float() / 255
    infrared = torch.from_numpy(scene.infrared)[None, None].float() / 255
    return (
        F.interpolate(visible, size=size, mode="bilinear", antialias=True),
        F.interpolate(infrared, size=size, mode="bilinear", antialias=True),
    )
