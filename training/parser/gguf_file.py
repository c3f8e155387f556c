"""A LlamaForCausalLM with its tokenizer as one GGUF file for llama.cpp, and back.

llama.cpp turns neighbouring pairs of each head's numbers, transformers the two halves of the head; the rows of the
query and key weights are therefore reordered on the way. Matrices are half precision, norms full.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from gguf import GGUFReader, GGUFWriter, LlamaFileType, TokenType
from tokenizers import Tokenizer, models

from app.parser.llama_prompt import BEGIN, END, FORMAT, FORMAT_KEY, PAD, SPECIALS
from engines.errors import CheckpointError
from training.parser.model import Size, build_model, empty_tokenizer

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

_BLOCK = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def _names(layers: int) -> dict[str, str]:
    """Tensor names of llama.cpp -> of transformers."""
    names = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
    for layer in range(layers):
        for own, other in _BLOCK.items():
            names[f"blk.{layer}.{own}.weight"] = f"model.layers.{layer}.{other}.weight"
    return names


def _reordered(weight: np.ndarray, heads: int, back: bool = False) -> np.ndarray:
    """Rows of a query or key weight (heads · d, in), halves of each head to pairs, or back."""
    pairs = (-1, 2) if back else (2, -1)
    split = weight.reshape(heads, pairs[0], pairs[1], weight.shape[1])
    return np.ascontiguousarray(split.swapaxes(1, 2).reshape(weight.shape))


def _heads(name: str, size: Size) -> int:
    return size.heads if ".attn_q." in name else size.key_heads if ".attn_k." in name else 0


def write_gguf(model: LlamaForCausalLM, tokenizer: Tokenizer, path: Path, form: str = FORMAT) -> None:
    """Write model and tokenizer, atomically.

    Args:
        model: What is to be written.
        tokenizer: Its own.
        path: The file.
        form: Which prompt the model knows, see `app.parser.llama_prompt`; empty for one that is to be shown examples.
    """
    c = model.config
    size = Size(
        c.vocab_size,
        c.hidden_size,
        c.num_hidden_layers,
        c.num_attention_heads,
        c.num_key_value_heads,
        c.intermediate_size,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    writer = GGUFWriter(str(partial), "llama")
    writer.add_name("SayFuse parser")
    if form:
        writer.add_string(FORMAT_KEY, form)
    writer.add_context_length(c.max_position_embeddings)
    writer.add_embedding_length(size.hidden)
    writer.add_block_count(size.layers)
    writer.add_feed_forward_length(size.feed_forward)
    writer.add_head_count(size.heads)
    writer.add_head_count_kv(size.key_heads)
    writer.add_layer_norm_rms_eps(c.rms_norm_eps)
    writer.add_rope_freq_base(float(c.rope_parameters["rope_theta"]))
    writer.add_rope_dimension_count(size.hidden // size.heads)
    writer.add_vocab_size(size.vocabulary)
    writer.add_file_type(LlamaFileType.MOSTLY_F16)
    _add_tokenizer(writer, tokenizer)
    state = model.state_dict()
    for own, other in _names(size.layers).items():
        weight = state[other].float().cpu().numpy()
        if heads := _heads(own, size):
            weight = _reordered(weight, heads)
        writer.add_tensor(own, weight.astype(np.float32 if weight.ndim == 1 else np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(path)


def _add_tokenizer(writer: GGUFWriter, tokenizer: Tokenizer) -> None:

    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocabulary])
    writer.add_token_types([TokenType.CONTROL if token in SPECIALS else TokenType.NORMAL for token, _ in vocabulary])
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_bos_token_id(SPECIALS.index(BEGIN))
    writer.add_eos_token_id(SPECIALS.index(END))
    writer.add_pad_token_id(SPECIALS.index(PAD))
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


def read_gguf(path: Path) -> tuple[LlamaForCausalLM, Tokenizer]:
    """Model and tokenizer of a file that `write_gguf` wrote.

    Raises:
        CheckpointError: The file cannot be read as such.
    """
    try:
        reader = GGUFReader(path)
        size = _size(reader)
        tokens = _strings(reader, "tokenizer.ggml.tokens")
        merges = [tuple(merge.split(" ")) for merge in _strings(reader, "tokenizer.ggml.merges")]
        weights = {tensor.name: tensor.data for tensor in reader.tensors}
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise CheckpointError(
            f"The checkpoint file {path.name} cannot be read: it is no parser in GGUF form."
        ) from error
    tokenizer = empty_tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    tokenizer.add_special_tokens(list(SPECIALS))
    model = build_model(size)
    state = {}
    for own, other in _names(size.layers).items():
        weight = np.asarray(weights[own], dtype=np.float32)
        if heads := _heads(own, size):
            weight = _reordered(weight, heads, back=True)
        state[other] = torch.from_numpy(weight.copy())
    model.load_state_dict({**state, "lm_head.weight": state["model.embed_tokens.weight"]})
    return model, tokenizer


def _size(reader: GGUFReader) -> Size:
    def number(key: str) -> int:
        return int(reader.fields[f"llama.{key}"].contents())

    return Size(
        vocabulary=number("vocab_size"),
        hidden=number("embedding_length"),
        layers=number("block_count"),
        heads=number("attention.head_count"),
        key_heads=number("attention.head_count_kv"),
        feed_forward=number("feed_forward_length"),
    )


def _strings(reader: GGUFReader, key: str) -> list[str]:
    return list(reader.fields[key].contents())
