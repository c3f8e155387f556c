from __future__ import annotations

import threading

import pytest

from app.ui.jobs import StopFlags, watch
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
