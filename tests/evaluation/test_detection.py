"""Average precision: cases worked out by hand, and the command."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.cli import main
from evaluation.detection import Ranked, average_precision, match, mean_average_precision, mean_interval, overlaps


def _ranked(scores: list[float], right: list[bool], objects: int) -> Ranked:
    return Ranked(np.array(scores, float), np.array(right, bool), objects)


def test_overlap_of_boxes():
    boxes = np.array([[0.0, 0.0, 10.0, 10.0]])
    others = np.array([[0.0, 0.0, 10.0, 10.0], [5.0, 0.0, 15.0, 10.0], [20.0, 20.0, 30.0, 30.0], [3.0, 3.0, 3.0, 3.0]])
    assert overlaps(boxes, others)[0] == pytest.approx([1.0, 1.0 / 3.0, 0.0, 0.0])


def test_an_object_is_found_once_and_by_the_best_scored_detection():
    objects = np.array([[0.0, 0.0, 10.0, 10.0], [40.0, 0.0, 50.0, 10.0]])
    boxes = np.array([[1.0, 0.0, 11.0, 10.0], [0.0, 0.0, 10.0, 10.0], [40.0, 0.0, 50.0, 4.0]])
    ranked = match(boxes, np.array([0.9, 0.8, 0.7]), objects)
    assert ranked.right.tolist() == [True, False, False] and ranked.objects == 2
    # 0.4 of the second object is not enough at 0.5, but is at 0.4.
    assert match(boxes, np.array([0.9, 0.8, 0.7]), objects, overlap=0.4).right.tolist() == [True, False, True]


def test_average_precision_of_a_ranking_worked_out_by_hand():
    # Over both pictures by score: right .9, wrong .8, right .7, right .6, wrong .5; four objects.
    # Precision 1, 1/2, 2/3, 3/4, 3/5 at recall 1/4, 1/4, 2/4, 3/4, 3/4; envelope 1, 3/4, 3/4, 3/4, 3/5.
    # Area 1/4 · 1 + 1/4 · 3/4 + 1/4 · 3/4 = 5/8.
    pictures = [_ranked([0.9, 0.5, 0.6], [True, False, True], 2), _ranked([0.7, 0.8], [True, False], 2)]
    assert average_precision(pictures) == pytest.approx(5.0 / 8.0)


def test_classes_without_objects_are_left_out_of_the_mean():
    by_class = {
        "person": [_ranked([0.9], [True], 1)],
        "car": [_ranked([0.9, 0.8], [False, True], 1)],
        "bicycle": [_ranked([0.3], [False], 0)],
    }
    mean, each = mean_average_precision(by_class)
    assert each == {"person": 1.0, "car": 0.5, "bicycle": None} and mean == 0.75
    assert mean_average_precision({"car": []}) == (None, {"car": None})
    assert average_precision([_ranked([], [], 3)]) == 0.0
    low, high = mean_interval(by_class)
    assert low == high == 0.75, "one picture drawn again and again is that picture"


@given(st.lists(st.tuples(st.floats(0.01, 1.0), st.booleans()), max_size=12), st.integers(0, 4))
def test_average_precision_is_a_share_and_grows_when_a_false_detection_goes(found, missed):
    objects = sum(right for _, right in found) + missed
    scores, right = [score for score, _ in found], [right for _, right in found]
    value = average_precision([_ranked(scores, right, objects)])
    if objects == 0:
        assert value is None
        return
    assert 0.0 <= value <= 1.0
    true_only = [score for score, hit in found if hit]
    cleaned = average_precision([_ranked(true_only, [True] * len(true_only), objects)])
    assert cleaned == pytest.approx(len(true_only) / objects) and cleaned >= value - 1e-12


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "nonsense"], "engine must be one of"),
        (["--source", "visible", "--checkpoint", "terf-embedded"], "--checkpoint must be given with --engine"),
    ],
)
def test_bad_input_is_one_line(tmp_path, capsys, options, said):
    (tmp_path / "visible").mkdir()
    assert main(["detection", "--data", str(tmp_path), *options, "--output", str(tmp_path / "r.json")]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert not (tmp_path / "r.json").exists()
