"""Head starts: kept per network, taken before the steps, and never a change of the network they begin from."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engines.checkpoints import load_safetensors, save_safetensors
from engines.errors import CheckpointError
from engines.terf.model import FusionBackbone
from finetune_units.denoising import Denoising
from finetune_units.head_starts import HeadStarts, move, read_head_starts, write_head_starts
from finetune_units.inclination import Inclination
from finetune_units.presets import FAST, Schedule
from finetune_units.tuning import DivergenceError
from finetune_units.unit import FineTuningUnit
from finetune_units.views import Mosaic
from tests.tiny_terf import TINY

AHEAD = Schedule(1, 0.0, Mosaic(side=12, columns=2), falling=True, head_start=0.5)
SCHEDULE = Schedule(3, 1e-3, ahead=AHEAD)
CHANNELS = 4


@pytest.fixture(scope="module")
def network() -> FusionBackbone:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return FusionBackbone(TINY).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def starts(network: FusionBackbone) -> HeadStarts:
    generator = torch.Generator().manual_seed(1)

    def drawn() -> dict[str, torch.Tensor]:
        return {n: 0.01 * torch.randn(p.shape, generator=generator) for n, p in network.named_parameters()}

    unit = FineTuningUnit(3, 3, CHANNELS, generator)
    return HeadStarts({source: (drawn(), drawn()) for source in ("visible", "infrared")}, unit.state_dict())


def _pair(height: int = 40, width: int = 60) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    coarse = torch.rand(1, 4, 4, 4, generator=generator)
    both = torch.nn.functional.interpolate(coarse, size=(height, width), mode="bilinear")
    return both[:, :3], both[:, 3:]


def test_what_is_written_is_read_for_that_network_only(starts: HeadStarts, tmp_path: Path):
    file = tmp_path / "starts.safetensors"
    write_head_starts(file, starts, "abc")
    assert read_head_starts(file, "another") is None
    read = read_head_starts(file, "abc")
    for source, repetitions in starts.offsets.items():
        assert len(read.offsets[source]) == 2
        for mine, its in zip(repetitions, read.offsets[source], strict=True):
            _assert_alike(mine, its)
    _assert_alike(starts.denoising, read.denoising)


def _assert_alike(mine: Mapping[str, torch.Tensor], its: Mapping[str, torch.Tensor]) -> None:
    """Of the same names, and equal but for half precision."""
    assert mine.keys() == its.keys()
    assert all(torch.allclose(mine[name], its[name].float(), atol=1e-3) for name in mine)


@pytest.mark.parametrize("lacking", ["infrared.", "denoising."])
def test_an_incomplete_file_is_refused_in_one_line(starts: HeadStarts, tmp_path: Path, lacking: str):
    file = tmp_path / "starts.safetensors"
    write_head_starts(file, starts, "abc")
    tensors, configuration = load_safetensors(file)
    tensors = {name: tensor for name, tensor in tensors.items() if not name.startswith(lacking)}
    save_safetensors(file, tensors, configuration)
    with pytest.raises(CheckpointError, match=r"^The checkpoint file starts.safetensors must have .*unit\.$"):
        read_head_starts(file, "abc")


def test_the_last_repetition_serves_further_ones(starts: HeadStarts):
    assert starts.of("visible", 0) is not starts.of("visible", 1)
    assert starts.of("visible", 7) is starts.of("visible", 1)


@pytest.mark.parametrize("source", ["visible", "infrared"])
def test_every_repetition_begins_with_its_share(network: FusionBackbone, starts: HeadStarts, source):
    before = copy.deepcopy(network.state_dict())
    inclination = Inclination(network, *_pair(), source, SCHEDULE, head_starts=starts)
    expected = copy.deepcopy(network)
    for repetition in range(3):
        inclination.advance()
        move(expected, starts.of(source, repetition), 0.5)
        for name, parameter in expected.named_parameters():
            assert torch.allclose(inclination.module.get_parameter(name), parameter, atol=1e-6), name
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_a_picture_no_larger_than_the_windows_goes_the_whole_way(network: FusionBackbone, starts: HeadStarts):
    pair = _pair(12, 24)
    with_starts = Inclination(network, *pair, "infrared", SCHEDULE, head_starts=starts)
    without = Inclination(network, *pair, "infrared", SCHEDULE)
    for inclination in (with_starts, without):
        inclination.advance()
    assert torch.equal(with_starts.picture(), without.picture())
    assert not torch.equal(without.picture(), network(*pair).clamp(0.0, 1.0))


def test_denoising_begins_with_a_unit_that_denoises_other_pictures(starts: HeadStarts):
    noisy = torch.rand(1, 3, 24, 32, generator=torch.Generator().manual_seed(5))
    still = Schedule(4, 1e-3, ahead=Schedule(1, 0.0))
    begun = Denoising(noisy, still, CHANNELS, head_starts=starts)
    begun.advance()
    _assert_alike(begun.module.state_dict(), starts.denoising)
    for other in (
        Denoising(noisy, still, CHANNELS),
        Denoising(noisy, still, CHANNELS + 1, head_starts=starts),
        Denoising(noisy, replace(still, ahead=None), CHANNELS, head_starts=starts),
    ):
        before = other.module.layers[0].weight.detach().clone()
        other.advance()
        assert other.schedule.steps == 4 and not torch.equal(other.module.layers[0].weight, before)


def test_a_divergence_takes_the_head_start_back(network: FusionBackbone, starts: HeadStarts):
    endless = Schedule(5, 1e-3, ahead=Schedule(5, float("inf"), AHEAD.view, head_start=0.5))
    inclination = Inclination(network, *_pair(), "visible", endless, head_starts=starts)
    with pytest.raises(DivergenceError):
        inclination.advance()
    for name, parameter in network.named_parameters():
        assert torch.equal(inclination.module.get_parameter(name), parameter), name


def test_the_fast_preset_has_a_shorter_way_for_a_head_start():
    ahead = FAST.inclination.ahead
    assert ahead.steps < FAST.inclination.steps and 0.0 < ahead.head_start < 1.0 and ahead.falling
