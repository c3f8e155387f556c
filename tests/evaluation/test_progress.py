"""The progress bar: there for a person at a terminal, not in a log."""

from __future__ import annotations

import io
import sys

import pytest

from evaluation.progress import progress_bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar() as notify:
        assert terminal.getvalue() == ""
        notify(1, 3, "00012N")
        notify(3, 3, "00055D")
    shown = terminal.getvalue()
    assert "1/3" in shown and "00012N" in shown
    # Nothing of it stays on the line.
    assert shown.rsplit("\r", 1)[-1].strip() == ""


def test_a_log_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with progress_bar() as notify:
        assert notify is None
    assert log.getvalue() == ""
