"""Makes `import torchvision` work beside a torch build that its compiled operators were not built for.

torchvision registers meta kernels for `torchvision::nms` and `torchvision::qnms` at import, which fails when its
extension could not be loaded, and timm, transformers' BERT and segment-anything import torchvision. Importing this
module declares the two operators, with a CPU kernel for `nms`, only where the real ones are missing. It must be
imported before any of those packages.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import torch

_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_library: torch.library.Library | None = None


def _nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Greedy non-maximum suppression: indices kept, best score first."""
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    order = scores.argsort(descending=True, stable=True)
    kept = []
    while order.numel():
        best, order = order[0], order[1:]
        kept.append(best)
        low = torch.maximum(boxes[best, :2], boxes[order, :2])
        high = torch.minimum(boxes[best, 2:], boxes[order, 2:])
        overlap = (high - low).clamp(min=0).prod(dim=1)
        iou = overlap / (areas[best] + areas[order] - overlap)
        order = order[~(iou > iou_threshold)]
    return torch.stack(kept) if kept else order


def _real_operators_load() -> bool:
    spec = importlib.util.find_spec("torchvision")
    if spec is None or not spec.origin:
        return False
    for library in Path(spec.origin).parent.glob("_C*"):
        try:
            torch.ops.load_library(str(library))
        except OSError:
            continue
        return hasattr(torch.ops.torchvision, "nms")
    return False


def _declare() -> None:
    global _library
    if _library is not None or _real_operators_load():
        return
    _library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        _library.define(name + _SCHEMA)
    _library.impl("nms", _nms, "CPU")


_declare()
