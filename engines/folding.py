"""Networks made ready for inference: batch norms become part of the convolutions before them."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import TypeVar

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import engines.torchvision_ops  # noqa: F401 (before timm)

from timm.layers import BatchNormAct2d  # isort: skip

Module = TypeVar("Module", bound=nn.Module)


def folded(module: Module) -> Module:
    """A copy in which convolutions have taken in the batch norms that follow them.

    Those are followed within an `nn.Sequential`, and wherever timm's batch norm with activation comes right after a
    convolution: timm registers both in the order in which they run. In evaluation a batch norm is a factor and an
    offset per channel, so the results are the same but for rounding, and a pass over all pixels is saved.

    Weights that stay as they are, are shared with `module`, not copied.
    """
    shared = {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())}
    module = copy.deepcopy(module, shared).eval()
    for part in module.modules():
        for (name, first), (next_name, second) in pairwise(list(part.named_children())):
            if not isinstance(first, nn.Conv2d):
                continue
            if isinstance(second, BatchNormAct2d):
                rest = second.act
            elif isinstance(part, nn.Sequential) and isinstance(second, nn.BatchNorm2d):
                rest = nn.Identity()
            else:
                continue
            setattr(part, name, fuse_conv_bn_eval(first, second))
            setattr(part, next_name, rest)
    return module
