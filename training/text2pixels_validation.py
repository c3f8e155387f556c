"""Held-out numbers while From Text to Pixels trains: fusion quality, contrast by words, detection, codes in use."""

from __future__ import annotations

import numpy as np
import torch

from engines.color import image_luma, with_luma
from engines.text2pixels.codebook import perplexity
from engines.text2pixels.config import DETECTED_CLASSES
from engines.text2pixels.model import no_words
from engines.text2pixels.networks import Text2PixelsNetworks
from evaluation.detection import match, mean_average_precision
from evaluation.metrics import fusion_metrics
from training.detection_boxes import boxes_of
from training.losses.ris_fusion import object_contrast
from training.references import Scene
from training.ris_fusion import TextCache

_SHOWN = ("EN", "SD", "SCD", "VIF", "Qabf", "SSIM")


@torch.no_grad()
def validate(networks: Text2PixelsNetworks, text: TextCache, scenes: list[Scene]) -> dict[str, float]:
    """Means over whole pictures.

    Returns:
        The fusion metrics of pictures fused without words; contrast plain, told and misled, |luma difference| of a
        reference's thing to its surroundings without words, with its own words and place, and with another
        reference's; mAP@0.5 of the detector on the fused pictures; perplexity of the codes they use.
    """
    mode = networks.training
    networks.eval()
    device = next(networks.parameters()).device
    values: dict[str, list[float]] = {}
    ranked = {name: [] for name in DETECTED_CLASSES}
    usage = torch.zeros(len(networks.fusion.codebook.codes), device=device)
    for scene in scenes:
        colour = scene.visible.astype(np.float32) / 255.0
        visible = torch.from_numpy(image_luma(colour))[None, None].to(device)
        infrared = torch.from_numpy(scene.infrared.astype(np.float32) / 255.0)[None, None].to(device)
        silent = no_words(1, networks.config.fusion.text_dim, device)
        plain, guidance = networks.fusion(visible, infrared, *silent, torch.zeros_like(infrared))
        usage += torch.bincount(guidance.indices.flatten(), minlength=len(usage))
        y = plain[0, 0].clamp(0.0, 1.0).cpu().numpy()
        levels = [np.round(255.0 * t).astype(np.uint8) for t in (infrared[0, 0].cpu().numpy(), image_luma(colour), y)]
        scores = fusion_metrics(*levels)
        for name in _SHOWN:
            values.setdefault(name, []).append(scores[name])
        things = [reference for reference in scene.references if reference.kind in ("thing", "template")][:2]
        for reference, other in zip(things, things[::-1], strict=True):
            mask = torch.from_numpy(reference.mask().astype(np.float32))[None, None].to(device)
            values.setdefault("contrast plain", []).append(float(object_contrast(plain, mask).abs()))
            for name, said in (("told", reference), ("misled", other)):
                words = [t.to(device) for t in text([said.sentences[0]])]
                place = torch.from_numpy(said.mask().astype(np.float32))[None, None].to(device)
                fused, _ = networks.fusion(visible, infrared, *words, place)
                values.setdefault(f"contrast {name}", []).append(float(object_contrast(fused, mask).abs()))
        truth = boxes_of(scene)
        found = networks.detector.detect(with_luma(colour, y))
        for number, name in enumerate(DETECTED_CLASSES):
            mine = [item for item in found if item.label == name]
            objects = truth.corners[truth.kinds == number]
            ranked[name].append(match([item.box for item in mine], [item.score for item in mine], objects))
    networks.train(mode)
    mean, each = mean_average_precision(ranked)
    result = {name: float(np.mean(given)) for name, given in values.items()}
    result |= {"mAP@0.5": mean} if mean is not None else {}
    result |= {f"AP {name}": value for name, value in each.items() if value is not None}
    return result | {"perplexity": perplexity(usage)}
