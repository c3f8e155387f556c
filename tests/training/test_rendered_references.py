"""Rendered scenes become true referring expressions."""

from __future__ import annotations

import numpy as np

from evaluation.run_length import decode_mask, encode_mask
from training.rendered_references import describe


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
