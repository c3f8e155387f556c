"""Steps, cancelling, divergence, repetition, reduction, presets."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from engines.errors import Cancelled
from finetune_units.presets import PRESETS
from finetune_units.tuning import DivergenceError, optimize, reduce_to, tune


class Weight(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.tensor(1.0))


class Counter:
    """A fine-tuning whose picture is its number of repetitions, and which diverges where told."""

    def __init__(self, diverges_at: int | None = None, bad_picture: bool = False) -> None:
        self.done, self.diverges_at, self.bad_picture = 0, diverges_at, bad_picture

    def advance(self, progress=None) -> None:
        if self.done == self.diverges_at:
            raise DivergenceError
        progress(0.5)
        self.done += 1

    def picture(self) -> torch.Tensor:
        return torch.tensor(float("nan") if self.bad_picture else float(self.done))


def test_a_step_of_plain_gradient_descent():
    module = Weight()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    fractions = []
    optimize(module, optimizer, lambda: module.value**2, 2, fractions.append)
    assert module.value.item() == pytest.approx(0.64)  # 1 -> 1 - 0.1·2 = 0.8 -> 0.8 - 0.1·1.6
    assert fractions == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_divergence_restores_weights_and_moments(bad):
    module = Weight()
    optimizer = torch.optim.Adam(module.parameters(), lr=0.1)
    optimize(module, optimizer, lambda: module.value**2, 1)
    kept, steps = module.value.item(), 0

    def loss() -> torch.Tensor:
        nonlocal steps
        steps += 1
        return module.value * (bad if steps == 3 else 1.0)

    with pytest.raises(DivergenceError):
        optimize(module, optimizer, loss, 10)
    assert steps == 3
    assert module.value.item() == kept
    assert optimizer.state[module.value]["step"].item() == 1


def test_cancelling_stops_between_two_steps():
    module, steps = Weight(), 0

    def loss() -> torch.Tensor:
        nonlocal steps
        steps += 1
        return module.value**2

    def stop(fraction: float) -> None:
        if fraction >= 0.3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        optimize(module, torch.optim.SGD(module.parameters(), lr=0.1), loss, 10, stop)
    assert steps == 3


def test_gradients_are_on_even_where_the_caller_switched_them_off():
    module = Weight()
    with torch.no_grad():
        optimize(module, torch.optim.SGD(module.parameters(), lr=0.1), lambda: module.value**2, 1)
    assert module.value.item() == pytest.approx(0.8)


def test_strength_is_the_number_of_repetitions():
    fractions = []
    picture, notes = tune(Counter(), torch.tensor(0.0), 3, fractions.append)
    assert picture.item() == 3.0 and notes == []
    assert fractions == pytest.approx([0.5 / 3, 1.5 / 3, 2.5 / 3])


def test_divergence_keeps_the_last_good_picture_and_says_so():
    picture, notes = tune(Counter(diverges_at=0), torch.tensor(7.0), 3)
    assert picture.item() == 7.0
    assert notes == ["The fine-tuning diverged, so the picture before it was kept."]
    picture, notes = tune(Counter(diverges_at=2), torch.tensor(7.0), 3)
    assert picture.item() == 2.0
    assert notes == ["The fine-tuning diverged, so the picture after step 2 was kept."]
    picture, notes = tune(Counter(bad_picture=True), torch.tensor(7.0), 1)
    assert picture.item() == 7.0 and len(notes) == 1


def test_reduce_to_keeps_the_aspect_ratio_and_the_mean():
    x = torch.arange(480.0 * 640).reshape(1, 1, 480, 640)
    small = reduce_to(x, 19_200)
    assert small.shape == (1, 1, 120, 160)
    assert small.mean().item() == pytest.approx(x.mean().item(), rel=1e-4)
    assert reduce_to(x, None) is x
    assert reduce_to(x, 480 * 640) is x
    assert reduce_to(torch.rand(1, 1, 1, 1000), 10).shape == (1, 1, 1, 100), "never below one pixel high"


def test_the_paper_preset_has_the_numbers_of_section_3_1_2():
    paper = PRESETS["paper"]
    assert (paper.inclination.steps, paper.inclination.learning_rate) == (50, 8e-5)
    assert (paper.illumination.steps, paper.illumination.learning_rate) == (500, 5e-4)
    assert (paper.denoising.steps, paper.denoising.learning_rate) == (100, 1e-3)
    assert paper.context is None and paper.inclination.pixels is None and paper.denoising.patch is None
