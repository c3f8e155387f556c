"""Steps, cancelling, divergence, repetition, reduction, presets."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from engines.errors import Cancelled
from finetune_units import tuning
from finetune_units.presets import PRESETS
from finetune_units.tuning import DIVERGED, DivergenceError, interruptible, optimize, tune
from finetune_units.unit import FineTuningUnit


class Weight(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.tensor(1.0))


class Counter:
    """A fine-tuning whose picture is its number of repetitions, and which diverges where told."""

    def __init__(self, diverges_at: int | None = None, bad_picture: bool = False) -> None:
        self.done, self.diverges_at, self.bad_picture = 0, diverges_at, bad_picture
        self.module = nn.Identity()

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


@pytest.mark.parametrize("stop_at", [3, 12])
def test_cancelling_stops_inside_a_step_on_the_way_there_and_back(stop_at, monkeypatch):
    monkeypatch.setattr(tuning, "LOOK_SECONDS", 0.0)
    unit, calls = FineTuningUnit(3, 3, 4, torch.Generator().manual_seed(0)), []
    x, begun = torch.rand(1, 3, 8, 8), 0

    def loss() -> torch.Tensor:
        nonlocal begun
        begun += 1
        return unit(x).square().mean()

    def stop(fraction: float) -> None:
        calls.append(fraction)
        if len(calls) == stop_at:
            raise Cancelled("stopped")

    # Per step one call before it, four on the way there and four on the way back.
    with pytest.raises(Cancelled):
        optimize(unit, torch.optim.Adam(unit.parameters()), loss, 10, stop)
    assert begun == (1 if stop_at == 3 else 2)
    before = len(calls)
    unit(x).square().mean().backward()
    assert len(calls) == before, "nothing listens any more"


def test_looking_at_the_clock_changes_no_gradient():
    unit = FineTuningUnit(3, 3, 4, torch.Generator().manual_seed(0))
    x = torch.rand(1, 3, 8, 8)
    unit(x).square().mean().backward()
    plain = [parameter.grad.clone() for parameter in unit.parameters()]
    unit.zero_grad()
    with interruptible(unit, lambda fraction: None, 0.0):
        unit(x).square().mean().backward()
    assert all(torch.equal(a, b.grad) for a, b in zip(plain, unit.parameters(), strict=True))


def test_every_call_is_one_repetition():
    counter, fractions = Counter(), []
    for repetition in (1.0, 2.0):
        picture, notes = tune(counter, torch.tensor(0.0), fractions.append)
        assert picture.item() == repetition and notes == []
    assert fractions == [0.5, 0.5]


@pytest.mark.parametrize("counter", [Counter(diverges_at=0), Counter(bad_picture=True)])
def test_divergence_keeps_the_picture_before_and_says_so(counter):
    picture, notes = tune(counter, torch.tensor(7.0), lambda fraction: None)
    assert picture.item() == 7.0
    assert notes == [DIVERGED]


def test_the_paper_preset_has_the_numbers_of_section_3_1_2():
    paper = PRESETS["paper"]
    assert (paper.inclination.steps, paper.inclination.learning_rate) == (50, 8e-5)
    assert (paper.illumination.steps, paper.illumination.learning_rate) == (500, 5e-4)
    assert (paper.denoising.steps, paper.denoising.learning_rate) == (100, 1e-3)
    assert paper.context is None
    assert all(schedule.view is None for schedule in (paper.inclination, paper.illumination, paper.denoising))


# A Retinex decomposition settles long before the paper's last step, so illumination needs no such distance.
@pytest.mark.parametrize("kind", ["inclination", "denoising"])
def test_the_fast_preset_lets_adam_go_as_far_as_the_paper_does(kind):
    paper, fast = (getattr(PRESETS[name], kind) for name in ("paper", "fast"))
    assert fast.steps * fast.learning_rate == pytest.approx(paper.steps * paper.learning_rate, rel=0.05)
    assert fast.steps <= paper.steps
