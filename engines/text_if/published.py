"""Reads Text-IF's published format, a torch file, and converts it once to safetensors and JSON in the cache.

The file is a dict whose `model` holds the network's weights beside those of CLIP, under `model_clip.*`; what else is in
it, such as the state of an optimiser, is not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engines.checkpoints import save_safetensors
from engines.errors import CheckpointError
from engines.published_file import TEXT_ENCODER, WEIGHTS, check_names, converted_folder, count, is_state, side
from engines.text_if.clip import save_text_tower
from engines.text_if.config import LEVELS, PUBLISHED, TextIfConfig
from engines.text_if.model import TextIf

_CLIP = "model_clip."


@dataclass(frozen=True)
class Converted:
    """What a published checkpoint became.

    Attributes:
        weights: The network with its configuration, for `engines.checkpoints.load_safetensors`.
        text_tower: Folder of the checkpoint's own CLIP, for `engines.text_if.clip.ClipText`; None where it has none.
    """

    weights: Path
    text_tower: Path | None


def converted(path: Path) -> Converted:
    """Convert a checkpoint, or find what an earlier call made of the same file.

    Raises:
        CheckpointError: It is damaged, holds a program, its names or shapes are not those of the published model, or
            CLIP's vocabulary is missing; the message says which.
    """
    target = converted_folder(path, "text-if", _convert)
    words = target / TEXT_ENCODER
    return Converted(target / WEIGHTS, words if words.is_dir() else None)


def _convert(contents: dict[str, Any], name: str, folder: Path) -> dict[str, Any]:
    held = contents.get("model")
    if not is_state(held) or not held:
        raise CheckpointError(f"The checkpoint {name} must hold the weights of Text-IF under model, but does not.")
    clip = {key.removeprefix(_CLIP): value for key, value in held.items() if key.startswith(_CLIP)}
    state = {key: value for key, value in held.items() if not key.startswith(_CLIP)}
    config = configuration(state)
    with torch.device("meta"):
        model = TextIf(config)
    check_names(model, state, name)
    if clip:
        save_text_tower(clip, name, config.text_dim, folder / TEXT_ENCODER)
    save_safetensors(folder / WEIGHTS, state, config.to_dict())
    return {"configuration": config.to_dict()}


def configuration(state: dict[str, Tensor]) -> TextIfConfig:
    """The configuration that the shapes of a checkpoint's weights tell; where a name is missing, the published one."""
    first = "encoder_A.encoder_level1.0"
    width = side(state, "encoder_A.patch_embed.proj.weight", 0, PUBLISHED.width)
    inner = side(state, f"{first}.ffn.project_in.weight", 0, PUBLISHED.expansion * width)
    levels = [rf"encoder_A\.encoder_level{level}\." for level in range(1, LEVELS + 1)]
    return TextIfConfig(
        width=width,
        blocks=tuple(count(state, rf"{level}(\d+)\.") for level in levels),
        refinement=count(state, r"refinement\.(\d+)\."),
        heads=tuple(
            side(state, f"encoder_A.encoder_level{level + 1}.0.attn.temperature", 0, PUBLISHED.heads[level])
            for level in range(LEVELS)
        ),
        expansion=max(1, inner // max(1, width)),
        text_dim=side(state, "prompt_guidance_4.MLP.0.weight", 1, PUBLISHED.text_dim),
        guidance_dim=side(state, "prompt_guidance_4.MLP.0.weight", 0, PUBLISHED.guidance_dim),
    )
