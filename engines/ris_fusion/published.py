"""Reads the published checkpoint format, a torch file, and converts it once to safetensors and JSON in the cache.

The file is a dict with the state dicts `prefusion_model` and `model`, in most files `bert_model` (BERT was trained on,
so its weights belong to the checkpoint), and `args`, the settings of the run as an argparse.Namespace. Nothing else is
unpickled: tensors, plain values and that one class.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engines.checkpoints import save_safetensors
from engines.errors import CheckpointError
from engines.published_file import TEXT_ENCODER, WEIGHTS, check_names, converted_folder, count, is_state, side
from engines.ris_fusion.config import PUBLISHED, FusionConfig, RisFusionConfig, SegmentationConfig
from engines.ris_fusion.model import RisFusionModel
from engines.text_encoder import minilm_folder

NETWORKS = ("prefusion_model", "model")
# All of BERT's family have heads of this width.
_BERT_HEAD = 64
# A buffer that older versions of transformers stored, and a layer that only sentence classification reads.
_NOT_READ = re.compile(r"embeddings\.position_ids|pooler\.")


@dataclass(frozen=True)
class Converted:
    """What a published checkpoint became.

    Attributes:
        weights: Both networks with their configuration, for `engines.checkpoints.load_safetensors`.
        text_encoder: Folder of the checkpoint's own BERT, for `engines.text_encoder.TextEncoder`; None where it has
            none and was trained on the frozen one.
    """

    weights: Path
    text_encoder: Path | None


def converted(path: Path) -> Converted:
    """Convert a checkpoint, or find what an earlier call made of the same file.

    Raises:
        CheckpointError: It is damaged, holds more than weights and plain settings, or its names or shapes are not those
            of the published model; the message names the first of them.
    """
    target = converted_folder(path, "ris-fusion", _convert)
    words = target / TEXT_ENCODER
    return Converted(target / WEIGHTS, words if words.is_dir() else None)


def _convert(contents: dict[str, Any], name: str, folder: Path) -> dict[str, Any]:
    if not all(is_state(contents.get(network)) for network in NETWORKS):
        raise CheckpointError(
            f"The checkpoint {name} must hold the weights {' and '.join(NETWORKS)} of RIS-FUSION, but does not."
        )
    settings = _plain(contents.get("args"))
    config = configuration(contents["prefusion_model"], contents["model"], settings)
    state = {f"{network}.{key}": value for network in NETWORKS for key, value in contents[network].items()}
    with torch.device("meta"):
        model = RisFusionModel(config)
    check_names(model, state, name)
    words = contents.get("bert_model")
    if words is not None:
        _convert_text_encoder(words, name, config.fusion.text_dim, folder / TEXT_ENCODER)
    save_safetensors(folder / WEIGHTS, state, config.to_dict())
    return {"configuration": config.to_dict(), "args": settings}


def _plain(settings: object) -> dict[str, Any]:
    """The run's settings as JSON can hold them."""
    values = vars(settings) if isinstance(settings, argparse.Namespace) else {}
    return {key: value if isinstance(value, str | int | float | None) else str(value) for key, value in values.items()}


def configuration(
    fusion: dict[str, Tensor], segmentation: dict[str, Tensor], settings: dict[str, Any] | None = None
) -> RisFusionConfig:
    """The configuration that the shapes of a checkpoint's weights tell; where a name is missing, the published one.

    Args:
        fusion: State dict of the fusion network.
        segmentation: State dict of the referring head.
        settings: Those of the run; `img_size` is the side it was trained at.
    """

    published = PUBLISHED.fusion
    language = any(name.startswith("net.txt.") for name in fusion)
    text_dim = side(fusion, "net.txt.proj.weight", 1, published.text_dim)
    attention_dim = side(fusion, "net.txt.proj.weight", 0, published.attention_dim)
    head = published.attention_dim // published.attention_heads
    tables = "backbone.layers.{}.blocks.0.attn.relative_position_bias_table"
    swin = PUBLISHED.segmentation
    stages = count(segmentation, r"backbone\.layers\.(\d+)\.") or len(swin.depths)
    offsets = side(segmentation, tables.format(0), 0, (2 * swin.window - 1) ** 2)
    width = side(segmentation, "backbone.patch_embed.proj.weight", 0, swin.width)
    size = (settings or {}).get("img_size")
    return RisFusionConfig(
        fusion=FusionConfig(
            width=side(fusion, "net.y_inc.block.0.weight", 0, published.width),
            text_dim=text_dim,
            attention_dim=attention_dim,
            attention_heads=max(1, attention_dim // head),
            gate_dim=side(fusion, "net.lang_l3.fuse_gate.0.weight", 0, published.gate_dim),
            language=language,
        ),
        segmentation=SegmentationConfig(
            width=width,
            depths=tuple(count(segmentation, rf"backbone\.layers\.{i}\.blocks\.(\d+)\.") for i in range(stages)),
            heads=tuple(side(segmentation, tables.format(i), 1, _divisor(swin.heads, i)) for i in range(stages)),
            window=(round(offsets**0.5) + 1) // 2,
            text_dim=side(segmentation, "backbone.layers.0.fusion.image_lang_att.f_key.0.weight", 1, text_dim),
        ),
        keeps_end=PUBLISHED.keeps_end,
        mask_size=(size, size) if isinstance(size, int) and size > 0 else PUBLISHED.mask_size,
    )


def _divisor(heads: tuple[int, ...], stage: int) -> int:
    return heads[stage] if stage < len(heads) else 1


def _convert_text_encoder(state: object, name: str, text_dim: int, folder: Path) -> None:
    """The checkpoint's BERT as a folder that transformers reads, with the word pieces of BERT's uncased vocabulary."""
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    if not is_state(state):
        raise CheckpointError(f"The checkpoint {name} must hold weights under bert_model, but does not.")
    state = {key: value for key, value in state.items() if not _NOT_READ.match(key)}
    vocabulary, hidden = state.get("embeddings.word_embeddings.weight", torch.empty(30522, text_dim)).shape
    inner = state.get("encoder.layer.0.intermediate.dense.bias", torch.empty(4 * hidden)).shape[0]
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=inner,
        num_hidden_layers=count(state, r"encoder\.layer\.(\d+)\."),
        num_attention_heads=max(1, hidden // _BERT_HEAD),
    )
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    check_names(model, state, f"{name} (bert_model)")
    pieces = minilm_folder()
    expected = json.loads((pieces / "config.json").read_text(encoding="utf-8"))["vocab_size"]
    if (hidden, vocabulary) != (text_dim, expected):
        raise CheckpointError(
            f"The BERT of the checkpoint {name} must have {expected} word pieces of {text_dim} features, "
            f"but has {vocabulary} of {hidden}."
        )
    config.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        if (pieces / file).is_file():
            shutil.copyfile(pieces / file, folder / file)
    weights = {key: value.float().contiguous() for key, value in state.items()}
    # Read by nobody, but transformers would report it as missing.
    weights |= {"pooler.dense.weight": torch.zeros(hidden, hidden), "pooler.dense.bias": torch.zeros(hidden)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
