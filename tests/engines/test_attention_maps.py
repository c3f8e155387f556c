"""Attention of pixels to words, as the page shows it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import engines
from engines.ris_fusion.config import FusionConfig
from engines.ris_fusion.lang_gated_fusion import PixelWordAttention
from engines.types import ImagePair


def test_the_weights_are_those_that_the_fusion_uses():
    torch.manual_seed(0)
    config = FusionConfig(attention_dim=8, attention_heads=1)
    module = PixelWordAttention(6, config)
    x, words = torch.randn(2, 6, 3, 4), torch.randn(2, 5, 8)
    weights = module.attention(x, words)
    assert weights.shape == (2, 5, 3, 4) and torch.allclose(weights.sum(1), torch.ones(2, 3, 4), atol=1e-6)
    values = torch.einsum("bnhw,bnd->bdhw", weights, module.v_proj(words))
    with torch.no_grad():
        whole = module(x, words, torch.ones(2, 5, dtype=torch.bool))
        assert torch.allclose(F.conv2d(values, module.out_proj.weight, module.out_proj.bias), whole, atol=1e-5)


@pytest.fixture(scope="module")
def engine():
    return engines.build("ris-fusion")


@pytest.fixture(scope="module")
def pair() -> ImagePair:
    rng = np.random.default_rng(0)
    return ImagePair(rng.random((41, 50, 3), dtype=np.float32), rng.random((41, 50), dtype=np.float32))


def test_every_word_has_a_map_and_all_add_up_to_one(engine, pair):
    maps = engine.attention(pair, ["two orange bollards", "two people"])
    assert list(maps) == [
        "attention, start and end of the phrase",
        "attention, “two”",
        "attention, “orange”",
        "attention, “bollards”",
        "attention, “people”",
    ]
    assert all(values.shape == (41, 50) and values.dtype == np.float32 for values in maps.values())
    assert np.allclose(sum(maps.values()), 1.0, atol=1e-4)


def test_no_phrase_no_attention(engine, pair):
    assert engine.attention(pair, []) == {}


def test_pieces_belong_to_words(engine):
    words = engine.encoder.words_of("Bollardish cones")
    assert words[0] is None and words[-1] is None and set(words[1:-1]) == {"Bollardish", "cones"}
    assert len(words) == engine.encoder.encode(["Bollardish cones"]).mask.shape[1]
