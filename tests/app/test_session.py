from __future__ import annotations

import time
from dataclasses import replace

import pytest

from app import pipeline
from app.pipeline import Outcome
from app.session import IDLE_SECONDS, MAX_SESSIONS, MAX_STEPS, Session, SessionStore


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
