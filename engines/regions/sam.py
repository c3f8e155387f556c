"""Segment Anything (Kirillov et al., ICCV 2023): the masks of boxes. A picture is looked at once, whatever is asked."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from torch import nn

import engines.torchvision_ops  # noqa: F401 (before segment_anything, which imports torchvision)
from engines.checkpoints import load_pickled, load_strict

# A picture's embedding has 4 MB.
_PICTURES = 8


def load_network(path: Path, size: str) -> nn.Module:
    """SAM with the publishers' weights.

    Args:
        path: E.g. sam_vit_b_01ec64.pth.
        size: "vit-b", "vit-l" or "vit-h".

    Raises:
        CheckpointError: Not a readable checkpoint, or it does not fit.
    """
    from segment_anything import sam_model_registry

    network = sam_model_registry[size.replace("-", "_")]()
    load_strict(network, load_pickled(path), path.name)
    return network


class Segmenter:
    """Masks for boxes; safe to call from several threads."""

    def __init__(self, network: nn.Module, device: torch.device, pictures: int = _PICTURES) -> None:
        """Take a network.

        Args:
            network: segment_anything's Sam.
            device: Where it works.
            pictures: How many pictures' embeddings are kept.
        """
        self.network = network.to(device).eval().requires_grad_(False)
        self.device, self.pictures = device, pictures
        self._seen: OrderedDict[bytes, object] = OrderedDict()
        self._lock = threading.Lock()

    @torch.inference_mode()
    def masks(self, picture: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        """One mask per box.

        Args:
            picture: float32 (H, W, 3), RGB in [0, 1].
            boxes: float (N, 4): x0, y0, x1, y1 in pixels.

        Returns:
            float32 (N, H, W) in [0, 1]; 0.5 and more counts as inside.
        """
        shape = picture.shape[:2]
        if not len(boxes):
            return np.zeros((0, *shape), np.float32)
        predictor = self._looked_at(picture)
        prompts = torch.as_tensor(np.asarray(boxes, np.float32), device=self.device)
        prompts = predictor.transform.apply_boxes_torch(prompts, shape)
        logits, _, _ = predictor.predict_torch(
            point_coords=None, point_labels=None, boxes=prompts, multimask_output=False, return_logits=True
        )
        return torch.sigmoid(logits[:, 0]).float().cpu().numpy()

    def _looked_at(self, picture: np.ndarray) -> object:
        """A predictor that holds the picture's embedding and from here on only reads it."""
        from segment_anything import SamPredictor

        levels = np.ascontiguousarray(np.round(np.clip(picture, 0.0, 1.0) * 255).astype(np.uint8))
        key = hashlib.sha256(repr(levels.shape).encode() + levels.tobytes()).digest()
        with self._lock:
            if key not in self._seen:
                predictor = SamPredictor(self.network)
                predictor.set_image(levels)
                self._seen[key] = predictor
                while len(self._seen) > self.pictures:
                    self._seen.popitem(last=False)
            self._seen.move_to_end(key)
            return self._seen[key]
