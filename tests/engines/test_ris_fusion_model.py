"""The RIS-FUSION networks at a tiny scale: sizes, words that are not there, gates."""

from __future__ import annotations

import json

import pytest
import torch

from engines.ris_fusion.config import EMBEDDED, FusionConfig, RisFusionConfig, SegmentationConfig
from engines.ris_fusion.lang_gated_fusion import LangGatedFusion
from engines.ris_fusion.model import RisFusionModel

TINY = RisFusionConfig(
    fusion=FusionConfig(width=4, text_dim=16, attention_dim=8, attention_heads=2, gate_dim=4),
    segmentation=SegmentationConfig(
        width=8,
        depths=(2, 2, 2, 2),
        heads=(2, 2, 2, 2),
        window=4,
        text_dim=16,
    ),
)


@pytest.fixture(scope="module")
def fusion():
    torch.manual_seed(0)
    return RisFusionModel(TINY).eval().requires_grad_(False)


@pytest.mark.parametrize("size", [(32, 48), (37, 53), (9, 8)])
def test_every_size_comes_back(fusion, size):
    words, mask = torch.randn(1, 3, 16), torch.ones(1, 3, dtype=torch.bool)
    out = fusion(torch.rand(1, 3, *size), torch.rand(1, 1, *size), words, mask, mask_size=(64, 64))
    assert out.rgb.shape == (1, 3, *size)
    assert out.y.shape == (1, 1, *size)
    assert out.logits.shape == (1, 2, 64, 64)
    assert out.rgb.min() >= 0 and out.rgb.max() <= 1


def test_words_change_the_fused_picture_and_padding_does_not(fusion):
    visible, infrared = torch.rand(1, 3, 64, 64), torch.rand(1, 1, 64, 64)
    words = torch.randn(1, 2, 16)
    one = fusion(visible, infrared, words, torch.tensor([[True, True]]))
    other = fusion(visible, infrared, words.flip(-1), torch.tensor([[True, True]]))
    assert not torch.allclose(one.y, other.y)
    padded = torch.cat([words, torch.randn(1, 3, 16)], dim=1)
    same = fusion(visible, infrared, padded, torch.tensor([[True, True, False, False, False]]))
    torch.testing.assert_close(one.y, same.y, rtol=0, atol=1e-6)
    torch.testing.assert_close(one.logits, same.logits, rtol=0, atol=1e-4)


def test_no_word_at_all_is_defined(fusion):
    words, mask = torch.randn(1, 2, 16), torch.zeros(1, 2, dtype=torch.bool)
    visible, infrared = torch.rand(1, 3, 64, 64), torch.rand(1, 1, 64, 64)
    out = fusion(visible, infrared, words, mask)
    assert torch.isfinite(out.y).all() and torch.isfinite(out.logits).all()
    torch.testing.assert_close(fusion(visible, infrared, 5 * words, mask).y, out.y)


def test_gate_mixes_the_modalities_as_equation_5_says():
    torch.manual_seed(0)
    module = LangGatedFusion(4, TINY.fusion).eval()
    # A gate bias of ±50 saturates α; with FiLM at zero the output must be one modality alone.
    torch.nn.init.zeros_(module.film[2].weight)
    torch.nn.init.zeros_(module.film[2].bias)
    torch.nn.init.zeros_(module.fuse_gate[2].weight)
    visible, infrared = torch.randn(1, 4, 6, 5), torch.randn(1, 4, 6, 5)
    words, mask = torch.randn(1, 3, 8), torch.ones(1, 3, dtype=torch.bool)
    for bias, expected in ((50.0, infrared), (-50.0, visible), (0.0, (visible + infrared) / 2)):
        torch.nn.init.constant_(module.fuse_gate[2].bias, bias)
        fused, alpha = module(visible, infrared, words, mask)
        torch.testing.assert_close(fused, expected)
        assert alpha.shape == (1, 1, 6, 5)
    torch.nn.init.constant_(module.film[2].bias, 2.0)
    fused, _ = module(visible, infrared, words, mask)
    torch.testing.assert_close(fused, 1.2 * (visible + infrared) / 2 + 2.0)


def test_segmentation_gradient_reaches_the_fusion_network():
    torch.manual_seed(0)
    model = RisFusionModel(TINY)
    words, mask = torch.randn(2, 3, 16), torch.ones(2, 3, dtype=torch.bool)
    out = model(torch.rand(2, 3, 64, 64), torch.rand(2, 1, 64, 64), words, mask)
    out.logits[:, 1].mean().backward()
    gradients = [p.grad for p in model.prefusion_model.net.lang_l4.parameters()]
    assert all(g is not None for g in gradients)
    assert sum(g.abs().sum() for g in gradients) > 0


def test_configuration_survives_json():
    assert RisFusionConfig.from_dict(json.loads(json.dumps(EMBEDDED.to_dict()))) == EMBEDDED


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="not divisible"):
        SegmentationConfig(width=10, depths=(2,), heads=(4,))
