"""The router: highlighting alone goes to RIS-FUSION, everything else to TeRF, and the person has the last word."""

from __future__ import annotations

import pytest

from app.router import route
from engines import registry
from engines.errors import InputError
from engines.types import EFFECTS, Edit, Instruction


def instruction(*effects: str) -> Instruction:
    return Instruction(edits=tuple(Edit("car", effect) for effect in effects))


@pytest.mark.parametrize("effects", [(), ("highlight",), ("highlight", "highlight")])
def test_highlighting_or_nothing_goes_to_ris_fusion(effects):
    assert route(instruction(*effects))[0] == "ris-fusion"


@pytest.mark.parametrize("effect", [effect for effect in EFFECTS if effect != "highlight"])
def test_any_other_effect_goes_to_terf_and_is_named(effect):
    for effects in ((effect,), ("highlight", effect), (effect, "highlight")):
        name, reason = route(instruction(*effects))
        assert name == "terf"
        assert effect in reason and "highlight" not in reason


def test_the_person_overrides_with_any_registered_name():
    for name in registry.names():
        assert route(instruction("denoise"), name)[0] == name
    assert route(instruction(), "mean", names=["mean"])[0] == "mean"


@pytest.mark.parametrize("requested", ["unet", "", "TERF", "mean"])
def test_an_unknown_name_is_refused_with_the_choices(requested):
    with pytest.raises(InputError, match="auto, terf, ris-fusion") as caught:
        route(instruction("denoise"), requested, names=["terf", "ris-fusion"])
    assert repr(requested) in str(caught.value)


def test_both_default_engines_are_registered():
    assert {"ris-fusion", "terf"} <= set(registry.names())
