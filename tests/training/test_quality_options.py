"""Weights of the quality measures on the command line of TeRF's and TeSG's training."""

from __future__ import annotations

from dataclasses import replace

import pytest

from training import terf, tesg
from training.__main__ import build_parser


@pytest.mark.parametrize(("name", "recipe", "part"), [("terf", terf, "losses"), ("tesg", tesg, "quality")])
def test_named_weights_take_the_places_of_the_recipes(name, recipe, part):
    common = [name, "--data", "x", "--minutes", "1"]
    parser = build_parser(name)
    usual = getattr(recipe.chosen(parser.parse_args(common))[0], part)
    asked = recipe.chosen(parser.parse_args([*common, "--quality", "light=12", "edges=2.5"]))[0]
    assert getattr(asked, part) == replace(usual, light=12.0, edges=2.5)


@pytest.mark.parametrize("text", ["light", "light=", "light=-1", "light=nan", "brightness=2", "=3"])
def test_another_weight_is_one_clear_line(text, capsys):
    with pytest.raises(SystemExit):
        build_parser("terf").parse_args(["terf", "--data", "x", "--minutes", "1", "--quality", text])
    assert "must be NAME=WEIGHT" in capsys.readouterr().err
