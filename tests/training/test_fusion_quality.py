"""The differentiable measures against `evaluation.metrics` and values by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from evaluation.metrics import fusion_metrics
from training.losses.fusion_quality import (
    Held,
    QualityWeights,
    deviation_loss,
    differences,
    edges,
    held_per_pixel,
    information,
    light_loss,
    quality_loss,
    structure,
)


def _picture(rng: np.random.Generator, height: int = 72, width: int = 90) -> np.ndarray:
    """Whole levels with coarse structure, texture and a flat corner."""
    rows, columns = np.mgrid[0:height, 0:width]
    wave = 110 + 70 * np.sin(columns / rng.uniform(4, 12)) * np.cos(rows / rng.uniform(4, 12))
    picture = np.clip(wave + 12 * rng.standard_normal((height, width)), 0, 255)
    picture[:20, :20] = 30
    return np.rint(picture)


def _tensor(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture / 255.0).float()[None, None]


@pytest.fixture(scope="module", params=range(3))
def case(request) -> tuple[torch.Tensor, torch.Tensor, dict[str, float]]:
    """Sources, fused picture and the reference values."""
    rng = np.random.default_rng(request.param)
    infrared, visible = _picture(rng), _picture(rng)
    fused = np.rint(0.7 * np.maximum(infrared, visible) + 0.2 * visible)
    values = fusion_metrics(infrared, visible, fused, ["VIF", "Qabf", "SSIM", "SCD", "SD"])
    return torch.stack([_tensor(infrared), _tensor(visible)]), _tensor(fused), values


def test_the_measures_are_those_of_the_evaluation(case):
    sources, fused, values = case
    kept, held = information(sources, fused)
    assert (kept / held).sum().item() == pytest.approx(values["VIF"], rel=1e-3)
    kept, strength = edges(sources, fused)
    assert (kept / strength).item() == pytest.approx(values["Qabf"], rel=1e-3)
    assert structure(sources, fused).item() == pytest.approx(values["SSIM"], rel=1e-4)
    assert differences(sources, fused).item() == pytest.approx(values["SCD"], rel=2e-3)


def test_total_of_a_whole_picture(case):
    sources, fused, values = case
    total, terms = quality_loss(fused, sources[1], sources[0], held_per_pixel(sources))
    assert terms["information"].item() == pytest.approx(2.0 - values["VIF"], rel=2e-3)
    assert terms["edges"].item() == pytest.approx(1.0 - values["Qabf"], rel=2e-3)
    weights = QualityWeights()
    assert total.item() == pytest.approx(sum(getattr(weights, name) * float(term) for name, term in terms.items()))


def test_a_kept_source_counts_as_one():
    rng = np.random.default_rng(5)
    visible = _tensor(_picture(rng))
    sources = torch.stack([torch.rand_like(visible), visible])
    kept, held = information(sources, visible)
    assert (kept / held)[1].item() == pytest.approx(1.0, abs=1e-3)
    both = torch.stack([visible, visible])
    assert structure(both, visible).item() == pytest.approx(2.0, abs=1e-4)
    kept, strength = edges(both, visible)
    # Relative strength and alignment are 1: 0.9994 σ(7.5) · 0.9879 σ(4.4).
    assert (kept / strength).item() == pytest.approx(
        0.9994 / (1 + np.exp(-7.5)) * 0.9879 / (1 + np.exp(-4.4)), abs=1e-4
    )


def test_structure_of_flat_pictures():
    # Without contrast only luminance is left: (2ab + 2.55²) / (a² + b² + 2.55²) with levels a, b.
    a, b = 102.0, 204.0
    sources = torch.stack([torch.full((1, 1, 9, 9), b / 255.0), torch.full((1, 1, 9, 9), a / 255.0)])
    expected = 1.0 + (2 * a * b + 2.55**2) / (a * a + b * b + 2.55**2)
    assert structure(sources, sources[1]).item() == pytest.approx(expected, abs=1e-4)


def test_a_sum_of_sources_has_the_best_differences():
    generator = torch.Generator().manual_seed(0)
    sources = 0.5 * torch.rand(2, 1, 1, 16, 16, generator=generator)
    assert differences(sources, sources.sum(0)).item() == pytest.approx(2.0, abs=1e-2)
    assert differences(sources, sources[1]).item() == pytest.approx(
        torch.corrcoef(torch.stack([(sources[1] - sources[0]).flatten(), sources[1].flatten()]))[0, 1].item(), abs=1e-2
    ), "nothing was added to the visible picture, and what nothing correlates with is 0"


def test_deviation_counts_only_what_is_missing():
    bright = torch.tensor([0.0, 1.0]).repeat(1, 1, 8, 4)
    sources = torch.stack([bright, torch.zeros_like(bright)])
    # Deviations 127.5 and 63.75 levels, each with one level added.
    assert deviation_loss(sources, 0.5 * bright).item() == pytest.approx(1.0 - 64.75 / 128.5, abs=1e-5)
    assert deviation_loss(0.5 * sources, bright).item() == 0.0


def test_light_counts_what_is_darker_than_the_brighter_source_and_leaves_detail_free():
    infrared, visible = torch.full((1, 1, 20, 24), 0.2), torch.full((1, 1, 20, 24), 0.6)
    sources = torch.stack([infrared, visible])
    # 0.1 itself and ten times its square.
    assert light_loss(sources, visible - 0.1).item() == pytest.approx(0.2, abs=1e-6)
    assert light_loss(sources, visible + 0.1).item() == 0
    stripes = 0.2 * (torch.arange(24) % 2 - 0.5)
    assert light_loss(sources, visible + stripes).item() == pytest.approx(0.0, abs=1e-6)


def test_a_poor_crop_weighs_as_little_as_in_its_picture():
    rng = np.random.default_rng(7)
    rich, poor = _tensor(_picture(rng)), _tensor(np.rint(60 + 3 * rng.standard_normal((72, 90))))
    held = held_per_pixel(torch.stack([rich, rich]))
    shortfall = []
    for picture in (rich, poor):
        blurred = torch.nn.functional.avg_pool2d(picture, 3, 1, 1)
        exact, lost = (quality_loss(y, picture, picture, held)[1]["information"] for y in (picture, blurred))
        shortfall.append(float(lost - exact))
    assert 0.0 < shortfall[1] < 0.4 * shortfall[0]


def test_values_out_of_range_cost_and_have_a_gradient_back():
    visible = torch.rand(1, 1, 48, 48, generator=torch.Generator().manual_seed(1))
    y = (visible + 0.3).requires_grad_(True)
    held = Held(torch.ones(2, 1), torch.ones(1))
    total, terms = quality_loss(y, visible, visible, held, QualityWeights(0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
    assert total.item() == pytest.approx((y - 1.0).clamp(min=0.0).mean().item(), abs=1e-6)
    total.backward()
    over = y.detach() > 1.0
    assert (y.grad[over] > 0.0).all() and (y.grad[~over] == 0.0).all() and over.any()


def test_every_term_can_be_descended_from_flat_pictures_too():
    flat = torch.full((1, 1, 48, 48), 0.2)
    y = flat.clone().requires_grad_(True)
    sources = torch.stack([flat, torch.rand(1, 1, 48, 48, generator=torch.Generator().manual_seed(2))])
    total, _ = quality_loss(y, sources[1], sources[0], held_per_pixel(sources))
    total.backward()
    assert torch.isfinite(y.grad).all()
