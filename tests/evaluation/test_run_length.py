"""COCO run-length masks: by hand, against pycocotools, and damaged ones."""

from __future__ import annotations

import numpy as np
import pytest

from engines.errors import InputError
from evaluation.run_length import decode_mask


def test_runs_go_down_the_columns_outside_first() -> None:
    expected = np.array([[0, 1, 1], [1, 1, 0]], dtype=bool)
    assert np.array_equal(decode_mask([2, 3], [1, 4, 1]), expected)
    assert np.array_equal(decode_mask([2, 3], "141"), expected)
    assert decode_mask([2, 3], [0, 6]).all() and not decode_mask([2, 3], [6]).any()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999, 1.0])
def test_agrees_with_pycocotools(share: float) -> None:
    coco = pytest.importorskip("pycocotools.mask")
    mask = np.random.default_rng(0).random((97, 130)) < share
    encoded = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert np.array_equal(decode_mask(encoded["size"], encoded["counts"].decode("ascii")), mask)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ("14", "must fill"),
        ("1411", "must fill"),
        ("", "must fill"),
        ("14O", "must fill"),
        ("14Q", "cut off"),
        ("1 1", "characters"),
        ([1, 4], "must fill"),
        ([7, -1], "must fill"),
    ],
    ids=["short", "long", "empty", "negative", "cut off", "character", "short list", "negative list"],
)
def test_damaged_masks_are_refused(counts: str | list[int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode_mask([2, 3], counts)
