"""Networks made ready for inference: batch norms become part of the convolutions before them."""

from __future__ import annotations

import copy
from typing import TypeVar

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

Module = TypeVar("Module", bound=nn.Module)


def folded(module: Module) -> Module:
    """A copy in which every convolution of an `nn.Sequential` has taken in the batch norm that follows it.

    In evaluation a batch norm is a factor and an offset per channel, so the results are the same but for rounding, and
    a pass over all pixels is saved.
    """
    module = copy.deepcopy(module).eval()
    for part in module.modules():
        if not isinstance(part, nn.Sequential):
            continue
        for index in range(len(part) - 1):
            if isinstance(part[index], nn.Conv2d) and isinstance(part[index + 1], nn.BatchNorm2d):
                part[index] = fuse_conv_bn_eval(part[index], part[index + 1])
                part[index + 1] = nn.Identity()
    return module
