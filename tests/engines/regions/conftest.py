"""Small networks of the real classes with random weights, and stand-ins whose answers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

import engines.torchvision_ops  # noqa: F401 (before segment_anything)
from engines.regions.grounding_dino import Detections, Detector, build_network
from engines.regions.meant import Evidence
from engines.regions.sam import Segmenter
from engines.types import ImagePair

SHAPE = (48, 64)
TINY_DINO = {
    "enc_layers": 1,
    "dec_layers": 1,
    "num_queries": 12,
    "dim_feedforward": 16,
    "bert": {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16},
}


def no_evidence(shape: tuple[int, int]) -> Evidence:
    """A grey picture, in which the head is as sure of everything."""
    maps = np.zeros((shape[0] // 4, shape[1] // 4), np.float32)
    return Evidence(np.full((*shape, 3), 0.5, np.float32), maps, lambda thing: maps)


def build_tiny_sam(checkpoint: None = None) -> nn.Module:
    """SAM of the package's classes, with 64 x 64 pixels and one block."""
    from segment_anything.modeling import ImageEncoderViT, MaskDecoder, PromptEncoder, Sam, TwoWayTransformer

    dim, size, patch = 32, 64, 16
    return Sam(
        image_encoder=ImageEncoderViT(
            depth=1,
            embed_dim=16,
            img_size=size,
            mlp_ratio=2,
            norm_layer=partial(nn.LayerNorm, eps=1e-6),
            num_heads=2,
            patch_size=patch,
            qkv_bias=True,
            use_rel_pos=True,
            global_attn_indexes=[0],
            window_size=2,
            out_chans=dim,
        ),
        prompt_encoder=PromptEncoder(
            embed_dim=dim,
            image_embedding_size=(size // patch, size // patch),
            input_image_size=(size, size),
            mask_in_chans=4,
        ),
        mask_decoder=MaskDecoder(
            num_multimask_outputs=3,
            transformer=TwoWayTransformer(depth=1, embedding_dim=dim, mlp_dim=32, num_heads=2),
            transformer_dim=dim,
            iou_head_depth=2,
            iou_head_hidden_dim=16,
        ),
    )


@pytest.fixture(scope="session")
def tiny_changes() -> dict:
    """What makes GroundingDINO's configuration small."""
    return TINY_DINO


@pytest.fixture(scope="session")
def tiny_dino() -> nn.Module:
    torch.manual_seed(5)
    return build_network(**TINY_DINO)


@pytest.fixture
def tiny_detector(tiny_dino: nn.Module) -> Detector:
    return Detector(tiny_dino, torch.device("cpu"), short_side=48, long_side=96)


@pytest.fixture
def tiny_sam_builder() -> Callable[..., nn.Module]:
    """Takes the place of a builder of segment_anything's registry."""
    return build_tiny_sam


@pytest.fixture
def tiny_segmenter() -> Segmenter:
    torch.manual_seed(6)
    return Segmenter(build_tiny_sam(), torch.device("cpu"))


@pytest.fixture
def pair() -> ImagePair:
    rng = np.random.default_rng(3)
    return ImagePair(rng.random((*SHAPE, 3), dtype=np.float32), rng.random(SHAPE, dtype=np.float32))


@dataclass
class ListedDetector:
    """Finds the boxes listed for the mean level of a picture, rounded to a tenth; keeps what it was asked."""

    listed: dict[float, list[tuple[tuple[float, ...], float]]]
    asked: list[str] = field(default_factory=list)

    def detect(self, picture: np.ndarray, phrase: str, box_threshold: float, text_threshold: float) -> Detections:
        self.asked.append(phrase)
        found = [one for one in self.listed.get(round(float(picture.mean()), 1), []) if one[1] > box_threshold]
        boxes = np.array([box for box, _ in found], np.float32).reshape(-1, 4)
        return Detections(boxes, np.array([score for _, score in found], np.float32))


@dataclass
class BoxSegmenter:
    """The mask of a box is the box; keeps the mean level of each picture it was shown."""

    shown: list[float] = field(default_factory=list)

    def masks(self, picture: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        masks = np.zeros((len(boxes), *picture.shape[:2]), np.float32)
        for mask, (x0, y0, x1, y1) in zip(masks, boxes.round().astype(int), strict=True):
            mask[y0:y1, x0:x1] = 1.0
            self.shown.append(round(float(picture.mean()), 1))
        return masks


@pytest.fixture
def flat_pair() -> ImagePair:
    """Visible at level 0.2, infrared at level 0.8."""
    return ImagePair(np.full((*SHAPE, 3), 0.2, np.float32), np.full(SHAPE, 0.8, np.float32))


@pytest.fixture
def listed_detector() -> type[ListedDetector]:
    return ListedDetector


@pytest.fixture
def box_segmenter() -> BoxSegmenter:
    return BoxSegmenter()
