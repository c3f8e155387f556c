"""TeRF's fusion losses, eq. 6–9, against hand-computed values."""

from __future__ import annotations

import pytest
import torch

from engines.terf.model import image_luma, recolor
from training.losses.terf import (
    FusionWeights,
    color_loss,
    fusion_loss,
    gradient_loss,
    intensity_loss,
    structure_loss,
)


def _flat(value: float, channels: int = 1) -> torch.Tensor:
    return torch.full((1, channels, 16, 16), value)


def _ramp(slope: float, vertical: bool = False) -> torch.Tensor:
    ramp = slope * torch.arange(10.0)
    return (ramp[:, None] if vertical else ramp[None, :]).expand(1, 1, 10, 10)


def test_intensity_is_a_mean_of_distances():
    assert intensity_loss(torch.tensor([[0.2, 0.6]]), torch.tensor([[0.5, 0.5]])).item() == pytest.approx(0.2)


def test_gradient_misses_a_ramp():
    flat = torch.zeros(1, 1, 10, 10)
    # |Sobel| of the ramp: 8·0.02 in eight columns, 4·0.02 in the two at the border.
    expected = 0.16 * 0.8 + 0.08 * 0.2
    assert gradient_loss(flat, _ramp(0.02), flat).item() == pytest.approx(expected, abs=1e-6)
    assert gradient_loss(flat, flat, _ramp(0.02)).item() == pytest.approx(expected, abs=1e-6)
    assert gradient_loss(_ramp(0.02), _ramp(0.02), flat).item() == pytest.approx(0.0, abs=1e-6)


def test_gradient_target_is_the_larger_magnitude_per_pixel_not_the_sum():
    weak, strong = _ramp(0.01, vertical=True), _ramp(0.03)
    inside = (slice(None), slice(None), slice(1, -1), slice(1, -1))
    assert gradient_loss(strong[inside], strong[inside], weak[inside]).item() == pytest.approx(0.0, abs=5e-5)


def test_color_of_a_known_shift():
    visible = _flat(0.5, 3)
    fused = visible.clone()
    fused[:, 0] += 0.1  # red: Cr + 0.05, Cb − 0.0168736
    assert color_loss(fused, visible).item() == pytest.approx(0.05 + 0.0168736, abs=1e-6)


def test_color_loss_vanishes_for_recolored_pictures():
    generator = torch.Generator().manual_seed(0)
    visible = torch.rand(1, 3, 12, 12, generator=generator)
    y = torch.rand(1, 1, 12, 12, generator=generator)
    fused = recolor(y, visible)
    assert torch.allclose(image_luma(fused), y, atol=1e-6)
    assert color_loss(fused, visible).item() < 1e-6


def test_structure_of_flat_pictures():
    # SSIM of constants a, b: (2ab + 1e-4) / (a² + b² + 1e-4)
    visible, infrared, fused = _flat(0.4, 3), _flat(0.8), _flat(0.4, 3)
    expected = 0.0 + 1.0 - (2 * 0.4 * 0.8 + 1e-4) / (0.4**2 + 0.8**2 + 1e-4)
    assert structure_loss(fused, _flat(0.4), visible, infrared).item() == pytest.approx(expected, abs=5e-5)


def test_total_and_its_weights():
    visible, infrared, fused = _flat(0.4, 3), _flat(0.8), _flat(0.4, 3)
    structure = 1.0 - 0.6401 / 0.8001
    total, terms = fusion_loss(fused, visible, infrared)
    assert terms["intensity"].item() == pytest.approx(0.4, abs=1e-6)  # the target is the brighter source
    assert terms["gradient"].item() == pytest.approx(0.0, abs=1e-6)
    assert terms["structure"].item() == pytest.approx(structure, abs=5e-5)
    assert total.item() == pytest.approx(0.4 + 0.1 * structure, abs=5e-5)
    total, _ = fusion_loss(fused, visible, infrared, FusionWeights(alpha=2.0, beta=1.0, eta=0.0))
    assert total.item() == pytest.approx(0.8, abs=5e-5)
