from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import pipeline
from app.pipeline import Outcome
from app.server_options import ServerOptions
from app.session import IDLE_SECONDS, MAX_SESSIONS, MAX_STEPS, Session, SessionStore
from engines import FusionResult, ImagePair, Instruction


@pytest.fixture
def outcomes(pair) -> list[Outcome]:
    outcome = pipeline.run(pair.visible, pair.infrared, "", engine="mean")
    return [replace(outcome) for _ in range(3)]


def test_a_new_session_is_empty():
    session = Session()
    assert session.current is None and not session.can_undo and session.undone() is session


def test_undo_goes_back_one_step(outcomes):
    session = Session().with_step(outcomes[0]).with_step(outcomes[1])
    assert session.current is outcomes[1]
    assert session.undone().current is outcomes[0]
    assert not session.undone().can_undo


def test_redo_takes_the_same_way_forward(outcomes):
    session = Session().with_step(outcomes[0]).with_step(outcomes[1])
    assert not session.can_redo and session.redone() is session
    back = session.undone()
    assert back.can_redo and back.redone() == session
    assert back.redone().previous is outcomes[0] and back.previous is None


def test_a_step_from_an_earlier_one_starts_a_branch_and_loses_nothing(outcomes):
    session = Session().with_step(outcomes[0], ("a", "b")).with_step(outcomes[1], ("c", "d"))
    branched = session.at(0).with_step(outcomes[2], ("a", "b"))
    assert branched.steps == tuple(outcomes) and branched.current is outcomes[2]
    assert [step.parent for step in branched.trail] == [None, 0, 0]
    assert branched.undone().current is outcomes[0] and branched.undone().redone().current is outcomes[2]
    assert branched.at(1).files == ("c", "d") and branched.at(1).undone().files == ("a", "b")
    assert branched.at(7) is branched and branched.at(-1) is branched


def test_steps_on_the_same_pictures_share_them(outcomes):
    pair = outcomes[0].pair
    copied = replace(outcomes[1], pair=ImagePair(pair.visible.copy(), pair.infrared.copy(), pair.notes))
    other = replace(outcomes[2], pair=ImagePair(pair.visible * 0.5, pair.infrared))
    session = Session().with_step(outcomes[0]).with_step(copied).with_step(other)
    assert session.steps[1].pair is pair and session.steps[2].pair is other.pair


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


def test_the_step_that_a_new_one_grew_from_is_not_forgotten(outcomes):
    session = Session().with_step(outcomes[0])
    for _ in range(MAX_STEPS - 1):
        session = session.at(0).with_step(outcomes[1])
    session = session.at(0).with_step(outcomes[2])
    assert len(session.trail) == MAX_STEPS and session.previous is outcomes[0]
    assert [step.parent for step in session.trail] == [None] + [0] * (MAX_STEPS - 1)


@settings(deadline=None)
@given(st.lists(st.integers(-1, 2 * MAX_STEPS), max_size=40))
def test_however_a_person_jumps_every_step_keeps_its_place(jumps):
    session, made = Session(), 0
    pair = ImagePair(np.zeros((2, 2, 3), np.float32), np.zeros((2, 2), np.float32))
    plain = {"pair": pair, "result": FusionResult(pair.visible), "instruction": Instruction()}
    for jump in jumps:
        if jump < 0:
            session = session.undone()
            continue
        session = session.at(jump).with_step(SimpleNamespace(number=made, **plain))
        made += 1
        assert session.current.number == made - 1
        assert all(step.parent is None or step.parent < index for index, step in enumerate(session.trail))
        assert list(session.steps) == sorted(session.steps, key=lambda outcome: outcome.number)
    assert len(session.trail) == min(made, MAX_STEPS)


TOKEN = "0123456789abcdef" * 2


def test_a_tab_finds_its_session_again(outcomes):
    store = SessionStore()
    session = store.recall(TOKEN)
    assert session == Session(token=TOKEN)
    session = session.with_step(outcomes[0], ("a.png", "b.png")).with_step(outcomes[1], ("c.png", "d.png"))
    store.keep(session)
    found = store.recall(TOKEN)
    assert found is session and found.can_undo and found.files == ("c.png", "d.png")
    assert store.recall("f" * 32).steps == ()
    store.keep(session.undone())
    assert store.recall(TOKEN).current is outcomes[0]


@pytest.mark.parametrize("token", ["", "no token", TOKEN.upper(), TOKEN + "0", "../" + TOKEN[3:]])
def test_what_is_no_token_has_no_session(token, outcomes):
    store = SessionStore()
    assert store.recall(token) == Session()
    store.keep(Session().with_step(outcomes[0]))
    assert store.recall("").steps == ()


def test_the_store_forgets_what_is_not_used(outcomes, monkeypatch):
    store, tokens = SessionStore(), [f"{number:032x}" for number in range(MAX_SESSIONS + 2)]
    for token in tokens:
        store.keep(Session(token=token).with_step(outcomes[0]))
    assert [bool(store.recall(token).steps) for token in tokens] == [False, False, *[True] * MAX_SESSIONS]
    later = time.monotonic() + IDLE_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert not any(store.recall(token).steps for token in tokens)


def test_a_preview_is_no_ground_to_go_on_from(outcomes):
    session = Session().with_step(outcomes[0]).with_step(replace(outcomes[1], preview=True))
    assert session.current.preview and session.composed is outcomes[0]
    assert Session().composed is None


def test_large_steps_are_forgotten_sooner_and_shared_pictures_count_once(outcomes, monkeypatch):
    monkeypatch.setattr("app.session.server_options", lambda: ServerOptions(session_mb=3))
    session, kept = Session(), []
    for outcome in outcomes:
        large = np.zeros((300, 300, 3), np.float32)
        session = session.with_step(replace(outcome, result=replace(outcome.result, image=large)))
        kept.append(len(session.trail))
    assert kept == [1, 2, 2] and session.can_undo and session.current.result.image is large
    huge = replace(outcomes[0], result=replace(outcomes[0].result, image=np.zeros((900, 900, 3), np.float32)))
    session = session.with_step(huge)
    assert session.steps == (session.current,) and not session.can_undo
