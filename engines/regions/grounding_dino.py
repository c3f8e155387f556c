"""GroundingDINO (Liu et al., ECCV 2024) with Swin-T: the boxes of what a phrase names.

The network is groundingdino-py's, the weights are the publishers' groundingdino_swint_ogc.pth. The package's wrapper of
BERT calls methods that transformers no longer has, so `TextBackbone` stands in for it. BERT's weights come with the
checkpoint and its word list with the embedded text encoder, so nothing else is fetched.
"""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import engines.torchvision_ops  # noqa: F401 (before groundingdino, which imports torchvision)
from engines.checkpoints import load_pickled, load_strict
from engines.errors import CheckpointError
from engines.regions.phrases import caption, head_span
from engines.text_encoder import minilm_folder

# In the checkpoint, but used in training only, or a constant that transformers now makes itself.
_LEFTOVERS = ("label_enc.weight", "bert.embeddings.position_ids")
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_lock = threading.Lock()


class TextBackbone(nn.Module):
    """BERT as the detector calls it: several sub-sentences side by side, each blind to the others."""

    def __init__(self, bert_model: Any) -> None:
        super().__init__()
        self.config = bert_model.config
        self.embeddings = bert_model.embeddings
        self.encoder = bert_model.encoder
        self.pooler = bert_model.pooler

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor | None = None,
        position_ids: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """The last hidden state.

        Args:
            input_ids: int (B, N).
            attention_mask: bool or int, (B, N): which words are seen by all, or (B, N, N): which word sees which.
            token_type_ids: int (B, N).
            position_ids: int (B, N); in the detector, they begin anew with every sub-sentence.

        Returns:
            {"last_hidden_state": float (B, N, d)}.
        """
        hidden = self.embeddings(input_ids=input_ids, token_type_ids=token_type_ids, position_ids=position_ids)
        seen = attention_mask.bool()
        seen = seen[:, None, None, :] if seen.ndim == 2 else seen[:, None]
        bias = torch.zeros(seen.shape, dtype=hidden.dtype, device=hidden.device)
        bias = bias.masked_fill(~seen, torch.finfo(hidden.dtype).min)
        for layer in self.encoder.layer:
            output = layer(hidden, attention_mask=bias)
            hidden = output[0] if isinstance(output, tuple) else output
        return {"last_hidden_state": hidden}


def build_network(**changes: Any) -> nn.Module:
    """GroundingDINO with random weights in the package's Swin-T OGC configuration.

    Args:
        **changes: Values of that configuration to change; `bert` is a dict of changes to BERT base's.
    """
    from transformers import AutoTokenizer, BertConfig, BertModel

    package = importlib.import_module("groundingdino.models.GroundingDINO.groundingdino")
    packaged = vars(importlib.import_module("groundingdino.config.GroundingDINO_SwinT_OGC"))
    settings = {name: value for name, value in packaged.items() if not name.startswith("_")}
    # Checkpointing of activations spares memory in training; at inference it only warns.
    settings |= {"use_checkpoint": False, "use_transformer_ckpt": False, "text_encoder_type": changes.pop("bert", {})}
    with _lock:
        # The package looks these up when it builds a network; its own would ask the hub for BERT.
        package.BertModelWarper = TextBackbone
        package.get_tokenlizer = SimpleNamespace(
            get_tokenlizer=lambda _: AutoTokenizer.from_pretrained(str(minilm_folder())),
            get_pretrained_language_model=lambda changed: BertModel(BertConfig(**changed)),
        )
        network = package.build_groundingdino(SimpleNamespace(**(settings | changes)))
    return network.eval().requires_grad_(False)


def load_network(path: Path, **changes: Any) -> nn.Module:
    """The network with the publishers' weights, every one of them accounted for.

    Args:
        path: A checkpoint in the publishers' format.
        **changes: Of the configuration, as `build_network` takes them.

    Raises:
        CheckpointError: Not a readable checkpoint, or it does not fit.
    """
    state = load_pickled(path)
    state = state.get("model", state)
    if not isinstance(state, dict):
        raise CheckpointError(f"The checkpoint {path.name} must hold weights under model, but does not.")
    state = {str(name).removeprefix("module."): value for name, value in state.items()}
    for name in _LEFTOVERS:
        state.pop(name, None)
    network = build_network(**changes)
    load_strict(network, state, path.name)
    return network


@dataclass(frozen=True)
class Detections:
    """What was found, the most certain first.

    Attributes:
        boxes: float32 (N, 4): x0, y0, x1, y1 in pixels of the picture.
        scores: float32 (N,) in [0, 1].
    """

    boxes: np.ndarray
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def taken(self, indices: Any) -> Detections:
        """Those at `indices`, in that order."""
        return Detections(self.boxes[indices], self.scores[indices])


def suppressed(found: Detections, overlap: float) -> np.ndarray:
    """Indices that non-maximum suppression keeps, the most certain first; boxes of a larger IoU are the same thing."""
    # Not torchvision.ops.nms, which refuses to work beside the stand-in of engines.torchvision_ops.
    nms = torch.ops.torchvision.nms
    return nms(torch.from_numpy(found.boxes), torch.from_numpy(found.scores), overlap).numpy()


class Detector:
    """Looks for one phrase at a time; safe to call from several threads."""

    def __init__(self, network: nn.Module, device: torch.device, short_side: int = 800, long_side: int = 1333) -> None:
        """Take a network.

        Args:
            network: From `load_network` or `build_network`.
            device: Where it works; on a GPU, too, without any compiled operator.
            short_side: Pixels to which a picture's shorter side is resized, as in training …
            long_side: … unless the longer one would have more than this.
        """
        self.network = network.to(device)
        self.device, self.short_side, self.long_side = device, short_side, long_side

    @torch.inference_mode()
    def detect(self, picture: np.ndarray, phrase: str, box_threshold: float, text_threshold: float) -> Detections:
        """Boxes of what the phrase names, before non-maximum suppression.

        Args:
            picture: float32 (H, W, 3), RGB in [0, 1].
            phrase: One noun phrase.
            box_threshold: How certain a box must be of any word of the phrase.
            text_threshold: How certain it must be of the word that names the thing. It keeps the bicycle of "person on
                a bicycle" from being taken for the person.
        """
        height, width = picture.shape[:2]
        text = caption(phrase)
        words, head = self._words(text)
        if not words:
            return Detections(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
        output = self.network(self._resized(picture), captions=[text])
        certainty = output["pred_logits"][0].sigmoid()
        scores = certainty[:, words].amax(dim=1)
        kept = (scores > box_threshold) & (certainty[:, head].amax(dim=1) > text_threshold)
        boxes = pixel_boxes(output["pred_boxes"][0], (height, width))
        kept &= (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        order = scores[kept].argsort(descending=True, stable=True)
        return Detections(boxes[kept][order].float().cpu().numpy(), scores[kept][order].float().cpu().numpy())

    def _words(self, text: str) -> tuple[list[int], list[int]]:
        """Positions of the word pieces of the caption, and of those of its head noun; no full stop among them."""
        offsets = self.network.tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
        begin, end = head_span(text)
        words = [i for i, (first, last) in enumerate(offsets) if first < last <= len(text) - 2]
        return words, [i for i in words if begin <= offsets[i][0] < end]

    def _resized(self, picture: np.ndarray) -> Tensor:
        height, width = picture.shape[:2]
        scale = min(self.short_side / min(height, width), self.long_side / max(height, width))
        size = (max(1, round(height * scale)), max(1, round(width * scale)))
        tensor = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float().to(self.device)
        tensor = F.interpolate(tensor, size=size, mode="bilinear", antialias=True).clamp(0, 1)
        mean, std = (torch.tensor(values, device=self.device)[:, None, None] for values in (_MEAN, _STD))
        return (tensor - mean) / std


def pixel_boxes(boxes: Tensor, shape: tuple[int, int]) -> Tensor:
    """Corners in pixels, inside the picture, from centres and sizes in shares of it.

    Args:
        boxes: (N, 4): x and y of the centre, width, height, each in [0, 1].
        shape: Height and width of the picture.

    Returns:
        (N, 4): x0, y0, x1, y1.
    """
    height, width = shape
    centre, size = boxes[:, :2], boxes[:, 2:]
    extent = torch.tensor((width, height), dtype=boxes.dtype, device=boxes.device)
    low, high = (centre - size / 2) * extent, (centre + size / 2) * extent
    return torch.cat([torch.minimum(low.clamp(min=0), extent), torch.minimum(high.clamp(min=0), extent)], dim=1)
