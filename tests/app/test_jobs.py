from __future__ import annotations

import threading

import pytest

from app.server_options import ServerOptions
from app.ui.jobs import StopFlags, last, watch
from app.ui.turns import Busy, Turns
from engines import Cancelled, InputError


def test_progress_comes_before_the_outcome():
    def call(progress):
        progress(0.5, "half")
        return "outcome"

    steps = list(watch(call, threading.Event()))
    assert steps[0] == (0.0, "Reading the pictures") and steps[-1] == "outcome"
    assert all(isinstance(step, tuple) for step in steps[:-1])


def test_a_set_flag_stops_the_call_at_its_next_step():
    flag, reached = threading.Event(), []

    def call(progress):
        reached.append("begun")
        flag.set()
        progress(0.5, "half")
        reached.append("went on")

    with pytest.raises(Cancelled):
        list(watch(call, flag))
    assert reached == ["begun"]


def test_errors_of_the_call_arrive():
    def call(progress):
        raise InputError("No such picture.")

    with pytest.raises(InputError, match="No such picture"):
        list(watch(call, threading.Event()))


def test_closing_the_iterator_stops_the_call():
    flag, stopped = threading.Event(), threading.Event()

    def call(progress):
        try:
            while True:
                progress(0.1, "working")
        except Cancelled:
            stopped.set()
            raise

    steps = watch(call, flag)
    assert next(steps)[0] == 0.0, "the beginning is told before the call is made"
    next(steps)
    steps.close()
    assert stopped.wait(timeout=5)


def test_one_session_cannot_stop_another():
    flags = StopFlags()
    mine, yours = flags.fresh("mine"), flags.fresh("yours")
    flags.stop("yours")
    assert yours.is_set() and not mine.is_set()


def test_a_new_request_stops_the_one_before():
    flags = StopFlags()
    first = flags.fresh("mine")
    second = flags.fresh("mine")
    assert first.is_set() and not second.is_set() and flags.current("mine") is second


def test_a_person_who_left_has_no_running_request():
    flags = StopFlags()
    flag = flags.fresh("mine")
    flags.forget("mine")
    assert flag.is_set() and flags.current("mine").is_set()
    flags.stop("mine")


def test_a_request_sees_its_place_in_the_line_and_can_leave_it():
    turns, release, flag = Turns(at_once=1, waiting=2), threading.Event(), threading.Event()
    working = watch(lambda progress: release.wait(5) and "first", threading.Event(), turns)
    next(working)
    second = watch(lambda progress: "second", flag, turns)
    third = watch(lambda progress: "third", threading.Event(), turns)
    assert next(second)[1] == "Waiting: 1 request is before yours"
    assert next(third)[1] == "Waiting: 2 requests are before yours"
    with pytest.raises(Busy, match="2 requests are waiting"):
        next(watch(lambda progress: "fourth", threading.Event(), turns))
    flag.set()
    with pytest.raises(Cancelled):
        next(second)
    release.set()
    assert last(working) == "first" and last(third) == "third"
    assert turns.enter().ahead == 0


def test_a_request_that_works_too_long_is_stopped_with_a_sentence():
    def call(progress):
        while True:
            progress(0.1, "working")

    with pytest.raises(InputError, match="more than 0.05 seconds"):
        last(watch(call, threading.Event(), Turns(), max_seconds=0.05))


def test_an_engine_that_tells_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr("app.ui.jobs._GRACE_SECONDS", 0.05)
    ended = threading.Event()
    with pytest.raises(InputError, match="it was stopped"):
        last(watch(lambda progress: ended.wait(5), threading.Event(), Turns(), max_seconds=0.01))
    ended.set()


def test_the_environment_sets_limits():
    assert ServerOptions.of({"SAYFUSE_MAX_SECONDS": "7", "SPACE_ID": "a/b"}) == ServerOptions(16_000_000, max_seconds=7)
    for value in ("seven", "-1", "0", "1.5"):
        with pytest.raises(InputError, match="SAYFUSE_AT_ONCE"):
            ServerOptions.of({"SAYFUSE_AT_ONCE": value})
