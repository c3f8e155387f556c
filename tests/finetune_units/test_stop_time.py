"""Stop ends the paper's whole-picture steps within half a second, too."""

from __future__ import annotations

import time

import pytest
import torch

from engines.terf.model import FusionBackbone
from finetune_units import tuning
from finetune_units.denoising import Denoising
from finetune_units.illumination import Illumination
from finetune_units.inclination import Inclination
from finetune_units.presets import PRESETS, Schedule
from finetune_units.tuning import FineTuning, StepProgress, tune

PAPER = PRESETS["paper"]
STEP = Schedule(steps=1, learning_rate=1e-4)


def _inclination(visible: torch.Tensor, infrared: torch.Tensor, progress: StepProgress) -> FineTuning:
    network = FusionBackbone().to(memory_format=torch.channels_last)
    return Inclination(network, visible, infrared, "infrared", STEP, progress=progress)


def _illumination(visible: torch.Tensor, infrared: torch.Tensor, progress: StepProgress) -> FineTuning:
    return Illumination(visible, "brighten", STEP, PAPER.illumination_channels)


def _denoising(visible: torch.Tensor, infrared: torch.Tensor, progress: StepProgress) -> FineTuning:
    return Denoising(visible, STEP, PAPER.denoising_channels)


@pytest.mark.slow
@pytest.mark.parametrize("build", [_inclination, _illumination, _denoising])
def test_no_half_second_passes_without_a_look_at_640_by_480(build, monkeypatch):
    monkeypatch.setattr(tuning, "LOOK_SECONDS", 0.0)
    # Processor seconds of one thread: what other programs take of the machine does not count.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    looks = []

    def look(fraction: float) -> None:
        looks.append(time.process_time())

    generator = torch.Generator().manual_seed(0)
    visible = torch.rand(1, 3, 480, 640, generator=generator)
    infrared = torch.rand(1, 1, 480, 640, generator=generator)
    try:
        fine_tuning = build(visible, infrared, look)
        picture, notes = tune(fine_tuning, visible, look)
    finally:
        torch.set_num_threads(threads)
    assert notes == [] and torch.isfinite(picture).all()
    gaps = [later - earlier for earlier, later in zip(looks, looks[1:], strict=False)]
    assert max(gaps) + 0.1 < 0.5
