"""A page that is loaded again shows the session of its tab."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.session import Session
from app.ui.handlers import PageHandlers

TOKEN = "0123456789abcdef" * 2
ME = SimpleNamespace(session_hash="me")


@pytest.fixture
def handlers(pair, box_engine) -> PageHandlers:
    return PageHandlers([])


def fuse(handlers: PageHandlers, pair, text: str, session: Session) -> Session:
    handlers.begin(str(pair.visible), str(pair.infrared), text, ME)
    *_, shown = handlers.run(
        visible=str(pair.visible),
        infrared=str(pair.infrared),
        instruction=text,
        engine="auto",
        parser="rules",
        preset="fast",
        backend="embedded",
        source="fused",
        sam="vit-b",
        box_threshold=0.3,
        text_threshold=0.25,
        session=session,
        left="Visible",
        request=ME,
    )
    return shown["session"]


def test_a_new_tab_starts_empty_and_knows_its_token(handlers):
    (shown,) = handlers.restore(TOKEN)
    assert shown == {"session": Session(token=TOKEN)}


def test_a_reloaded_page_shows_the_last_picture_and_goes_on_from_it(handlers, pair, box_engine):
    (shown,) = handlers.restore(TOKEN)
    session = fuse(handlers, pair, "brighten the trees", shown["session"])
    session = fuse(handlers, pair, "darken the road", session)
    handlers.leave(ME)
    (shown,) = handlers.restore(TOKEN)
    assert shown["session"] is session and shown["session"].can_undo
    assert shown["instruction"] == "darken the road"
    assert (shown["visible"], shown["infrared"]) == (str(pair.visible), str(pair.infrared))
    assert [row[:3] for row in shown["plan"]] == [("trees", "brighten", 1), ("road", "darken", 1)]
    assert {"slider", "download_fused"} <= set(shown)
    fuse(handlers, pair, "darken the road", shown["session"])
    assert [(edit.region, edit.strength) for edit in box_engine.asked[-1].edits] == [("trees", 1), ("road", 2)]


def test_a_step_taken_back_stays_taken_back(handlers, pair):
    (shown,) = handlers.restore(TOKEN)
    first = fuse(handlers, pair, "brighten the trees", shown["session"])
    list(handlers.undo(fuse(handlers, pair, "darken the road", first), "Visible"))
    (shown,) = handlers.restore(TOKEN)
    assert shown["session"].current is first.current


def test_uploads_that_are_gone_are_not_shown(handlers, pair):
    (shown,) = handlers.restore(TOKEN)
    fuse(handlers, pair, "brighten the trees", shown["session"])
    pair.infrared.unlink()
    (shown,) = handlers.restore(TOKEN)
    assert "visible" not in shown and shown["instruction"] == "brighten the trees"


def test_other_tabs_see_nothing_of_it(handlers, pair):
    (shown,) = handlers.restore(TOKEN)
    fuse(handlers, pair, "brighten the trees", shown["session"])
    for token in ("f" * 32, "", "*"):
        (shown,) = handlers.restore(token)
        assert shown["session"].current is None
