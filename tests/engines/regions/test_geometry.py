from __future__ import annotations

import numpy as np
import pytest

from engines.regions.geometry import Choice, choose, read_choice
from engines.regions.phrases import caption, head_span, is_plural

SHAPE = (100, 200)
# Four things in a row, from the left; their lower edges, sizes and heights differ.
A, B, C, D = (10, 40, 30, 60), (60, 30, 70, 90), (110, 50, 150, 80), (180, 45, 190, 55)
BOXES = np.array([C, A, D, B], np.float32)
NAMES = "CADB"


@pytest.mark.parametrize(
    ("phrase", "choice"),
    [
        ("the leftmost car", Choice("car", "left", compares=True)),
        ("the Rightmost Car", Choice("car", "right", compares=True)),
        ("the car on the far left", Choice("car", "left", compares=True)),
        ("the person on the left", Choice("person", "left")),
        ("the left person", Choice("person", "left")),
        ("all the cars on the right-hand side of the picture", Choice("cars", "right")),
        ("two color cones on the left side of the road", Choice("color cones", "left", count=2, anchor="road")),
        ("the people on the left of the road", Choice("people", "left", anchor="road")),
        ("the nearest person", Choice("person", "near", compares=True)),
        ("the person closest to the camera", Choice("person", "near", compares=True)),
        ("the cars in the background", Choice("cars", "far")),
        ("the two largest cars", Choice("cars", "large", count=2, compares=True)),
        ("the second person from the left", Choice("person", "left", rank=2, compares=True)),
        ("the car third from the right", Choice("car", "right", rank=3, compares=True)),
        ("both cars", Choice("cars", count=2)),
        ("3 cones", Choice("cones", count=3)),
        ("a couple of people in the middle", Choice("people", "middle", count=2)),
        ("the traffic light at the top", Choice("traffic light", "top")),
        ("the trees", Choice("trees")),
        ("the trunk nearest the camera", Choice("trunk", "near", compares=True)),
        ("the nearest person coming from the left", Choice("person coming from the left", "near", compares=True)),
        ("the second largest car", Choice("car", "large", rank=2, compares=True)),
        ("the second-nearest car", Choice("car", "near", rank=2, compares=True)),
        ("the 3rd tallest post", Choice("post", "tall", rank=3, compares=True)),
        ("the topmost window", Choice("window", "top", compares=True)),
        ("the second person from the top", Choice("person", "top", rank=2, compares=True)),
        ("the right hand car", Choice("car", "right")),
        ("the cars on the right hand side", Choice("cars", "right")),
        ("the left car of the two", Choice("car of the two", "left")),
        ("the left man in front of the car", Choice("man in front of the car", "left")),
        ("the left lane of the road", Choice("lane of the road", "left")),
        ("the middle car", Choice("car", "middle")),
        ("the door on the left side of the bus", Choice("door", "left", anchor="bus")),
    ],
)
def test_a_phrase_is_taken_apart(phrase, choice):
    assert read_choice(phrase) == choice


@pytest.mark.parametrize(
    "phrase",
    [
        "person to the left of the tree",
        "nearest person to the car",
        "person in front of the car",
        "tree in the middle of the road",
        "top of the building",
        "left side of the picture",
        "one of the cars",
        "person nearest the car",
        "person closest to that car",
        "farthest person from the car",
        "left turn signs",
        "left-turn lane",
        "left foot of the man",
        "right hand of the man",
        "right hand",
        "shoe on the left foot",
        "left front wheel of the car",
        "left of the tree",
        "right of way sign",
        "middle of the road",
        "middle aged man",
    ],
)
def test_words_about_another_thing_or_a_place_are_left_alone(phrase):
    assert read_choice(f"the {phrase}") == Choice(phrase)


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("the leftmost car", "A"),
        ("the rightmost car", "D"),
        ("the second car from the left", "B"),
        ("the third car from the right", "B"),
        ("the fifth car from the left", ""),
        ("the nearest car", "B"),
        ("the farthest car", "D"),
        ("the largest car", "C"),
        ("the smallest car", "D"),
        ("the tallest car", "B"),
        ("the car in the middle", "C"),
        ("the car on the left", "A"),
        ("the cars on the left", "AB"),
        ("the cars on the right", "DC"),
        ("two cars on the right", "DC"),
        ("the three largest cars", "CBA"),
        ("two cars", "CA"),
        ("both cars", "CA"),
        ("the cars", "CADB"),
        ("the car", "CADB"),
    ],
)
def test_the_boxes_a_phrase_means(phrase, names):
    assert "".join(NAMES[i] for i in choose(read_choice(phrase), BOXES, SHAPE)) == names


def test_a_plural_without_any_on_that_side_means_the_outermost():
    assert choose(read_choice("the cars on the left"), np.array([C, D], np.float32), SHAPE) == [0]


def test_nothing_found_leaves_nothing_to_choose():
    assert choose(read_choice("the two leftmost cars"), np.zeros((0, 4), np.float32), SHAPE) == []


@pytest.mark.parametrize(
    ("phrase", "head"),
    [
        ("color cones", "cones"),
        ("person walking on the right", "person"),
        ("man in a red jacket", "man"),
        ("tall building behind the trees", "building"),
        ("pedestrian crossing", "crossing"),
        ("traffic light", "light"),
        ("", ""),
    ],
)
def test_the_head_noun(phrase, head):
    begin, end = head_span(phrase)
    assert phrase[begin:end] == head


def test_plurals():
    assert [is_plural(p) for p in ("cars", "people on the road", "men with bags")] == [True] * 3
    assert [is_plural(p) for p in ("car", "bus", "grass", "person with bags")] == [False] * 4


def test_the_caption_is_one_sentence():
    assert caption("Traffic Light") == "traffic light ."
    assert caption("cone. second cone?  far ") == "cone second cone far ."
