"""Rendered scenes become true referring expressions."""

from __future__ import annotations

import numpy as np

from evaluation.run_length import decode_mask, encode_mask
from training.rendered_references import describe, plural


def test_encoded_mask_decodes_to_itself():
    mask = np.random.default_rng(0).random((13, 9)) > 0.5
    for case in (mask, ~mask, np.zeros_like(mask), np.ones_like(mask)):
        rle = encode_mask(case)
        np.testing.assert_array_equal(decode_mask(rle["size"], rle["counts"]), case)


def test_sentences_and_masks_agree():
    indices = np.ones((40, 60), np.uint8)
    indices[5:15, 2:8] = 2
    indices[20:35, 40:50] = 3
    indices[30:32, 10:12] = 4
    references, scene = describe("street", indices, {1: "road", 2: "person", 3: "person", 4: "cone"})
    by_sentence = {
        sentence: decode_mask(reference["mask"]["size"], reference["mask"]["counts"])
        for reference in references
        for sentence in reference["sentences"]
    }
    np.testing.assert_array_equal(by_sentence["the leftmost person"], indices == 2)
    np.testing.assert_array_equal(by_sentence["the rightmost person"], indices == 3)
    np.testing.assert_array_equal(by_sentence["the nearest person"], indices == 3)
    np.testing.assert_array_equal(by_sentence["the people"], (indices == 2) | (indices == 3))
    assert "the cones" not in by_sentence, "a cone of four pixels is not worth a sentence"
    assert set(scene["stuff"]) == {"road"} and [item["class"] for item in scene["objects"]] == ["person", "person"]


def test_traits_become_sentences_of_all_they_are_true_of():
    indices = np.zeros((40, 60), np.uint8)
    indices[5:15, 2:8], indices[5:15, 20:28], indices[20:35, 40:50], indices[36:37, 0:4] = 1, 2, 3, 4
    traits = {1: ["person on the road"], 2: ["person on the road", "cyclist"], 3: ["red car"], 4: ["red car"]}
    classes = {1: "person", 2: "person", 3: "car", 4: "car"}
    references, scene = describe("scene_00001", indices, classes, traits, night=True)
    masks = {
        sentence: decode_mask(reference["mask"]["size"], reference["mask"]["counts"])
        for reference in references
        for sentence in reference["sentences"]
    }
    np.testing.assert_array_equal(masks["the people on the road"], (indices == 1) | (indices == 2))
    np.testing.assert_array_equal(masks["the cyclist"], indices == 2)
    # The other red car is too small to count.
    np.testing.assert_array_equal(masks["the red car"], indices == 3)
    assert scene["night"]


def test_plural_phrases_are_english():
    assert plural("person in the red jacket") == "people in the red jackets"
    assert plural("person riding a bicycle") == "people riding bicycles"
    assert plural("person looking at a phone") == "people looking at phones"
    assert plural("car with its headlights on") == "cars with their headlights on"
