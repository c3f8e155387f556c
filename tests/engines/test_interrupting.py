"""Stop within a pass of a network: heard by every engine, in the thread at work only, and without harm."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from torch import nn

import engines
from engines import Cancelled, ImagePair, Instruction, interrupting
from engines.interrupting import heard_within

LEARNED = [spec.name for spec in engines.registry.ENGINES.values() if spec.learned]


@pytest.fixture
def always(monkeypatch):
    """Every function that takes long looks whether to stop."""
    monkeypatch.setattr(interrupting, "LOOK_SECONDS", 0.0)


@pytest.mark.parametrize("name", LEARNED)
def test_stop_is_heard_within_the_fusion_of_a_whole_picture(name, always):
    engine = engines.build(name)
    rng = np.random.default_rng(7)
    pair = ImagePair(rng.random((64, 96, 3), dtype=np.float32), rng.random((64, 96), dtype=np.float32))
    heard = []

    def stop(fraction: float, message: str) -> None:
        heard.append((fraction, message))
        # Between two steps nothing is said more than a few times over.
        if message.lower().startswith("fusing") and heard.count(heard[-1]) > 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        engine.fuse(pair, Instruction(), stop)
    assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()
    assert np.isfinite(engine.fuse(pair, Instruction()).image).all(), "the engine serves the next request"


def test_only_the_thread_at_work_is_stopped(always):
    layer, said, done = nn.Conv2d(1, 1, 3), [], []

    def stop(fraction: float, message: str) -> None:
        said.append((fraction, message))
        if len(said) > 1:
            raise Cancelled

    with heard_within(stop) as told:
        told(0.5, "half")
        other = threading.Thread(target=lambda: done.append(layer(torch.ones(1, 1, 5, 5))))
        other.start()
        other.join()
        assert len(done) == 1 and len(said) == 1
        with pytest.raises(Cancelled):
            layer(torch.ones(1, 1, 5, 5))
    assert said == [(0.5, "half")] * 2, "what was said last is said again"
    layer(torch.ones(1, 1, 5, 5))
    assert len(said) == 2


def test_the_clock_keeps_it_rare_and_nothing_is_said_before_the_engine_speaks(monkeypatch):
    said = []
    with heard_within(lambda fraction, message: said.append(message)) as told:
        nn.Linear(2, 2)(torch.ones(1, 2))
        told(0.0, "begin")
        for _ in range(50):
            nn.Linear(2, 2)(torch.ones(1, 2))
        monkeypatch.setattr(interrupting, "LOOK_SECONDS", 0.0)
        assert said == ["begin"]
        with torch.no_grad():
            torch.ones(2).copy_(torch.zeros(2))
        assert said == ["begin"], "a copy of weights is no place to stop at"


def test_without_progress_nothing_is_in_the_way():
    with heard_within(None) as told:
        assert told is None
