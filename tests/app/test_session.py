from __future__ import annotations

import pytest

from app import pipeline
from app.pipeline import Outcome
from app.session import MAX_STEPS, Session


@pytest.fixture
def outcomes(pair) -> list[Outcome]:
    return [pipeline.run(pair.visible, pair.infrared, "", engine="mean") for _ in range(3)]


def test_a_new_session_is_empty():
    session = Session()
    assert session.current is None and not session.can_undo and session.undone() is session


def test_undo_goes_back_one_step(outcomes):
    session = Session().with_step(outcomes[0]).with_step(outcomes[1])
    assert session.current is outcomes[1]
    assert session.undone().current is outcomes[0]
    assert not session.undone().can_undo


def test_steps_leave_earlier_sessions_as_they_were(outcomes):
    first = Session().with_step(outcomes[0])
    second = first.with_step(outcomes[1])
    other = first.with_step(outcomes[2])
    assert first.steps == (outcomes[0],)
    assert (second.current, other.current) == (outcomes[1], outcomes[2])


def test_old_steps_are_forgotten(outcomes):
    session = Session()
    for _ in range(MAX_STEPS + 5):
        session = session.with_step(outcomes[0])
    session = session.with_step(outcomes[1])
    assert len(session.steps) == MAX_STEPS and session.current is outcomes[1]
