"""Every engine and every listed weight file has a card that says where it comes from and under which licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.checkpoints import listed
from engines.registry import ENGINES

_CARDS = Path(__file__).parents[2] / "checkpoints"


@pytest.mark.parametrize(
    "entry", [entry for entry in listed() if entry.kind == "embedded"], ids=lambda entry: entry.name
)
def test_embedded_weights_have_a_card_of_their_own(entry) -> None:
    card = (_CARDS / entry.file).with_suffix(".md").read_text(encoding="utf-8")
    assert "Known limits" in card or "What limits it" in card
    if entry.engine != "parser":
        assert "research" in card, "what the pictures it was trained on may be used for"


@pytest.mark.parametrize("name", [name for name, spec in ENGINES.items() if not spec.learned])
def test_rules_are_in_the_card_of_the_classical_engines(name: str) -> None:
    card = (_CARDS / "classical.md").read_text(encoding="utf-8")
    assert f"| `{name}` |" in card and "Licences" in card


def test_published_networks_for_regions_are_in_a_card() -> None:
    card = (_CARDS / "grounded_sam.md").read_text(encoding="utf-8")
    for entry in listed():
        if entry.engine == "regions":
            assert f"`{entry.file}`" in card and entry.licence in card
