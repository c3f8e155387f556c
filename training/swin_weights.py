"""ImageNet weights for the Swin encoder of the published referring head, from the file that Swin's authors publish."""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import Tensor, nn

from engines.errors import CheckpointError
from engines.ris_fusion.segmentation_net import LanguageSwin

# Of the classifier that ImageNet was learnt with, and what follows from sizes alone.
_LEFT_OUT = ("head.", "norm.")
_FOLLOWS = ("relative_position_index", "attn_mask")
# Ours beside the classifier's backbone: they begin as they are.
_WORDS = (".fusion.", ".res_gate.")


def pretrained_part(backbone: LanguageSwin) -> dict[str, nn.Parameter]:
    """The parameters an ImageNet classifier has, too: patch embedding, blocks and patch merging."""
    return {
        name: parameter
        for name, parameter in backbone.named_parameters()
        if name.startswith(("patch_embed.", "layers.")) and not any(part in name for part in _WORDS)
    }


def load_imagenet_swin(backbone: LanguageSwin, file: Path) -> None:
    """Fill the encoder, all but what reads words.

    Args:
        backbone: Of width, depths, heads and window as the file's.
        file: For instance swin_base_patch4_window12_384_22k.pth of the Swin Transformer's releases, which is what the
            published checkpoint started from.

    Raises:
        CheckpointError: The file cannot be read or is of another configuration.
    """
    try:
        read = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, UnpicklingError, RuntimeError) as error:
        raise CheckpointError(f"{file.name} is no file of Swin weights: {str(error).splitlines()[0]}") from error
    given: dict[str, Tensor] = read.get("model", read) if isinstance(read, dict) else {}
    given = {
        name: value for name, value in given.items() if not name.startswith(_LEFT_OUT) and not name.endswith(_FOLLOWS)
    }
    wanted = pretrained_part(backbone)
    unfit = sorted(
        name for name in wanted.keys() | given.keys() if name not in wanted or name not in given
        or wanted[name].shape != given[name].shape
    )  # fmt: skip
    if unfit:
        raise CheckpointError(
            f"{file.name} does not fit this Swin: {len(unfit)} of {len(wanted)} tensors are missing, unknown or of "
            f"another shape, the first {unfit[0]}."
        )
    with torch.no_grad():
        for name, parameter in wanted.items():
            parameter.copy_(given[name])
