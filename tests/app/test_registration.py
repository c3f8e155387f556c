"""A pair that was shifted on purpose is put back, and what cannot be aligned is refused with a sentence."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.registration import Alignment, aligned, edge_overlay, found, moved, parse_alignment, score
from engines import ImagePair, InputError


def street(height: int = 240, width: int = 320) -> ImagePair:
    """Boxes and discs, warm or cold in the infrared picture irrespective of how bright they are in the visible one."""
    random = np.random.default_rng(5)
    visible, infrared = np.full((height, width), 0.4, np.float32), np.full((height, width), 0.3, np.float32)
    for index in range(24):
        x, y = (int(random.integers(20, side - 20)) for side in (width, height))
        size = int(random.integers(6, 26))
        for picture in (visible, infrared):
            value = float(random.uniform(0, 1))
            if index % 2:
                cv2.rectangle(picture, (x, y), (x + size, y + 2 * size), value, -1)
            else:
                cv2.circle(picture, (x, y), size, value, -1)
    visible += random.normal(0, 0.01, visible.shape).astype(np.float32)
    infrared = cv2.GaussianBlur(infrared, (0, 0), 1.0) + random.normal(0, 0.01, infrared.shape).astype(np.float32)
    return ImagePair(np.repeat(np.clip(visible, 0, 1)[..., None], 3, axis=2), np.clip(infrared, 0, 1))


def shifted(pair: ImagePair, alignment: Alignment) -> ImagePair:
    """The pair as a rig sees it that needs `alignment` to be put right."""
    matrix = cv2.invertAffineTransform(alignment.matrix(pair.shape))
    infrared = cv2.warpAffine(pair.infrared, matrix, pair.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return ImagePair(pair.visible, infrared)


@pytest.mark.parametrize(
    "needed",
    [
        Alignment(),
        Alignment(7.0, -4.5),
        Alignment(-11.3, 6.2),
        Alignment(4.0, 3.0, 1.04),
        Alignment(2.0, -3.0, 0.97, 1.5),
    ],
)
def test_a_shifted_pair_is_recovered_to_less_than_a_pixel(needed):
    pair = shifted(street(), needed)
    got = found(pair)
    corners = np.array([[20, 20, 1], [300, 20, 1], [20, 220, 1], [300, 220, 1]]).T
    error = got.matrix(pair.shape) @ corners - needed.matrix(pair.shape) @ corners
    assert np.hypot(*error).max() < 1.0
    assert np.hypot(got.dx - needed.dx, got.dy - needed.dy) < 0.5


def test_a_large_picture_is_aligned_in_its_own_pixels():
    pair = street()
    large = ImagePair(cv2.resize(pair.visible, (1280, 960)), cv2.resize(pair.infrared, (1280, 960)))
    got = found(shifted(large, Alignment(24.0, -10.0)))
    assert abs(got.dx - 24) < 1 and abs(got.dy + 10) < 1


def test_the_score_tells_which_alignment_is_better():
    pair = street()
    scores = [score(shifted(pair, Alignment(float(dx), 0.0))) for dx in (0, 3, 8)]
    assert scores[0] > scores[1] > scores[2] >= 0 and scores[0] > 0.3
    back = aligned(shifted(pair, Alignment(8.0, 0.0)), "ecc")
    assert score(back) > 0.9 * scores[0]
    assert "moved onto the visible one" in back.notes[-1]


def test_no_agreement_is_refused_with_a_sentence():
    random = np.random.default_rng(0)
    noise = random.uniform(0, 1, (2, 184, 184)).astype(np.float32)
    flat = np.full((184, 184), 0.5, np.float32)
    for infrared in (flat, noise[1]):
        pair = ImagePair(np.repeat(noise[0][..., None], 3, axis=2), infrared)
        with pytest.raises(InputError, match="set the shift by hand"):
            found(pair)
    assert score(ImagePair(np.repeat(flat[..., None], 3, axis=2), flat)) == 0.0


def test_a_shift_by_hand_moves_to_the_right_and_down():
    pair = ImagePair(np.zeros((40, 60, 3), np.float32), np.zeros((40, 60), np.float32))
    pair.infrared[10, 20] = 1.0
    assert np.argwhere(aligned(pair, "5,3").infrared > 0.5).tolist() == [[13, 25]]
    assert aligned(pair, "none") is pair and moved(pair, Alignment()) is pair


@pytest.mark.parametrize("text", ["", "auto", "1", "1,2,1,4,5", "1,x", "nan,0", "0,0,0", "99999,0", "1e400,0"])
def test_alignments_that_cannot_be_understood(text):
    with pytest.raises(InputError, match="The alignment must"):
        parse_alignment(text)


def test_alignments_that_can():
    assert parse_alignment("3,-4.5") == Alignment(3.0, -4.5) and parse_alignment("0, 0, 1.1").scale == 1.1
    assert parse_alignment("none") == Alignment() and parse_alignment("ecc") is None


def test_the_overlay_is_white_where_edges_agree():
    visible = np.zeros((40, 60, 3), np.float32)
    visible[:, 20:] = 1.0
    infrared = np.zeros((40, 60), np.float32)
    infrared[:, 40:] = 1.0
    apart = edge_overlay(ImagePair(visible, infrared))
    assert apart[20, 20, 2] > apart[20, 20, 0] and apart[20, 40, 0] > apart[20, 40, 2]
    together = edge_overlay(ImagePair(visible, visible[..., 0]))
    assert together[20, 20].min() > 0.9
