"""CLIP's text tower (Radford et al., ICML 2021), out of a published Text-IF file or the local cache of the hub.

Text-IF's published files hold all of CLIP under `model_clip.*`, in the naming of OpenAI's program; transformers runs it
under another one. What such a file does not hold is CLIP's vocabulary.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
from pathlib import Path

import torch
from torch import Tensor

import engines.torchvision_ops  # noqa: F401 (before transformers)
from engines.errors import CheckpointError
from engines.published_file import check_names, count, side
from engines.text_if.sentences import SentenceFeatures

HUB_NAME = "openai/clip-vit-base-patch32"
# Of the tower itself; the picture tower and the temperature are not needed here.
_TEXT_TOWER = re.compile(r"transformer\.|token_embedding\.|positional_embedding$|ln_final\.|text_projection$")
# All of OpenAI's towers have heads of this width.
_HEAD = 64
_START, _END = "<|startoftext|>", "<|endoftext|>"
# Packages that bring the vocabulary along.
_PACKAGES = ("open_clip", "clip")
_VOCABULARY = "bpe_simple_vocab_16e6.txt.gz"
_WORD_END = "</w>"
_BLOCK_NAMES = {
    "attn.out_proj": "self_attn.out_proj",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}
_OTHER_NAMES = {
    "token_embedding.weight": "embeddings.token_embedding.weight",
    "positional_embedding": "embeddings.position_embedding.weight",
    "ln_final.weight": "final_layer_norm.weight",
    "ln_final.bias": "final_layer_norm.bias",
}


class ClipText:
    """A frozen text tower and its tokenizer; thread-safe, since it only reads."""

    def __init__(self, folder: Path | str, max_words: int) -> None:
        from transformers import CLIPTextModelWithProjection, CLIPTokenizer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        self.tokenizer = CLIPTokenizer.from_pretrained(str(folder))
        model = CLIPTextModelWithProjection.from_pretrained(str(folder), dtype=torch.float32)
        self.model = model.eval().requires_grad_(False)
        self.max_words = min(max_words, model.config.max_position_embeddings)

    @torch.inference_mode()
    def encode(self, texts: list[str]) -> SentenceFeatures:
        """CLIP's feature of each sentence, not normalised; longer sentences lose their end."""
        tokens = self.tokenizer(
            texts, padding=True, truncation=True, max_length=self.max_words, return_tensors="pt", verbose=False
        )
        lengths = [len(ids) for ids in self.tokenizer(texts, verbose=False)["input_ids"]]
        features = self.model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).text_embeds
        return SentenceFeatures(features.clone(), tuple(length > self.max_words for length in lengths))


def transformers_names(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The text tower's weights under the names of transformers.

    Args:
        state: State dict in OpenAI's naming, the picture tower's weights included or not.

    Returns:
        State dict of a `CLIPTextModelWithProjection`; names that are not known are kept, for a check to find them.
    """
    renamed: dict[str, Tensor] = {}
    for name, value in state.items():
        if not _TEXT_TOWER.match(name):
            continue
        value = value.float()
        block = re.fullmatch(r"transformer\.resblocks\.(\d+)\.(.+)\.(weight|bias)", name)
        joined = re.fullmatch(r"transformer\.resblocks\.(\d+)\.attn\.in_proj_(weight|bias)", name)
        if joined:
            number, kind = joined.groups()
            for letter, part in zip("qkv", value.chunk(3), strict=True):
                renamed[f"text_model.encoder.layers.{number}.self_attn.{letter}_proj.{kind}"] = part.contiguous()
        elif block and block.group(2) in _BLOCK_NAMES:
            number, layer, kind = block.groups()
            renamed[f"text_model.encoder.layers.{number}.{_BLOCK_NAMES[layer]}.{kind}"] = value
        elif name == "text_projection":
            # OpenAI multiplies from the right, a linear layer from the left.
            renamed["text_projection.weight"] = value.T.contiguous()
        else:
            renamed["text_model." + _OTHER_NAMES.get(name, name)] = value
    return renamed


def save_text_tower(state: dict[str, Tensor], name: str, text_dim: int, folder: Path) -> None:
    """Write a folder that `ClipText` reads.

    Args:
        state: CLIP's weights in OpenAI's naming.
        name: Of the checkpoint, for messages.
        text_dim: Width that Text-IF's guidance expects.
        folder: To be made.

    Raises:
        CheckpointError: Names or shapes are not CLIP's, or CLIP's vocabulary is nowhere to be found.
    """
    from safetensors.torch import save_file
    from transformers import CLIPTextConfig, CLIPTextModelWithProjection

    weights = transformers_names(state)
    vocabulary, hidden = state.get("token_embedding.weight", torch.empty(49408, text_dim)).shape
    config = CLIPTextConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=side(state, "transformer.resblocks.0.mlp.c_fc.bias", 0, 4 * hidden),
        projection_dim=side(state, "text_projection", 1, text_dim),
        num_hidden_layers=count(state, r"transformer\.resblocks\.(\d+)\."),
        num_attention_heads=max(1, hidden // _HEAD),
        max_position_embeddings=side(state, "positional_embedding", 0, 77),
        hidden_act="quick_gelu",
        bos_token_id=vocabulary - 2,
        eos_token_id=vocabulary - 1,
        pad_token_id=vocabulary - 1,
    )
    with torch.device("meta"):
        model = CLIPTextModelWithProjection(config)
    check_names(model, weights, f"{name} (model_clip)")
    if config.projection_dim != text_dim:
        raise CheckpointError(
            f"The CLIP of the checkpoint {name} must give features of {text_dim} numbers, "
            f"but gives {config.projection_dim}."
        )
    pieces, merges = _vocabulary(name)
    if len(pieces) != vocabulary:
        raise CheckpointError(
            f"The CLIP of the checkpoint {name} must have {len(pieces)} word pieces, but has {vocabulary}."
        )
    config.save_pretrained(folder)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "vocab.json").write_text(json.dumps(pieces), encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8")
    settings = {"tokenizer_class": "CLIPTokenizer", "bos_token": _START, "eos_token": _END, "unk_token": _END}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings | {"pad_token": _END}), encoding="utf-8")


def hub_text_tower() -> Path:
    """Folder of CLIP ViT-B/32 in the local cache of the hub.

    Raises:
        CheckpointError: It is not there.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(HUB_NAME, local_files_only=True))
    except LocalEntryNotFoundError as error:
        raise CheckpointError(
            f"The checkpoint holds no CLIP, and {HUB_NAME} is not on this machine: "
            f"fetch it once with `hf download {HUB_NAME}`."
        ) from error


def _vocabulary(name: str) -> tuple[dict[str, int], list[str]]:
    """CLIP's word pieces with their numbers, and the merges that make them, from the hub's cache or a package."""
    from huggingface_hub import try_to_load_from_cache

    cached = [try_to_load_from_cache(HUB_NAME, file) for file in ("vocab.json", "merges.txt")]
    if all(isinstance(file, str) for file in cached):
        pieces, lines = (Path(file).read_text(encoding="utf-8") for file in cached)
        return json.loads(pieces), [line for line in lines.splitlines()[1:] if line]
    for package in _PACKAGES:
        spec = importlib.util.find_spec(package)
        file = Path(spec.origin).parent / _VOCABULARY if spec is not None and spec.origin else None
        if file is not None and file.is_file():
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                return word_pieces(lines.read().splitlines()[1:])
    raise CheckpointError(
        f"The checkpoint {name} holds CLIP's weights but not its word pieces, which are not on this machine either: "
        f"run `pip install --no-deps open-clip-torch` or `hf download {HUB_NAME} vocab.json merges.txt`."
    )


def word_pieces(merges: list[str], size: int = 49408) -> tuple[dict[str, int], list[str]]:
    """Number the pieces as CLIP does: bytes, bytes that end a word, what merges make, two marks.

    Args:
        merges: Two pieces each, in order of precedence; those beyond the vocabulary's size are left out.
        size: Of the vocabulary.
    """
    # Printable bytes stand for themselves, the others for characters from 256 on, as in GPT-2.
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = [*map(chr, printable), *(chr(256 + index) for index in range(len(others)))]
    merges = merges[: size - 2 * len(letters) - 2]
    pieces = [*letters, *(letter + _WORD_END for letter in letters), *("".join(pair.split()) for pair in merges)]
    return {piece: number for number, piece in enumerate([*pieces, _START, _END])}, merges
