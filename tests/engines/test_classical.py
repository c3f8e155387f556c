"""Classical fusion against hand-computed values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engines.classical import engine as classical
from engines.classical.guided import fuse_guided, guided_filter, guided_upsampling
from engines.classical.pixelwise import fuse_high_pass
from engines.classical.pyramid import fuse_laplacian
from engines.color import image_luma, rgb_to_ycbcr
from engines.errors import Cancelled
from engines.types import Edit, ImagePair, Instruction

FACTORIES = (classical.mean, classical.maximum, classical.laplacian, classical.guided, classical.msx)
PLAIN = Instruction()


def _random_pair(height: int, width: int, seed: int = 0) -> ImagePair:
    rng = np.random.default_rng(seed)
    return ImagePair(
        visible=rng.random((height, width, 3), dtype=np.float32),
        infrared=rng.random((height, width), dtype=np.float32),
    )


def _grey_pair(visible: np.ndarray, infrared: np.ndarray) -> ImagePair:
    return ImagePair(visible=np.repeat(visible[..., None], 3, axis=2), infrared=infrared)


def test_mean_and_maximum_of_one_red_pixel():
    visible = np.zeros((1, 2, 3), np.float32)
    visible[0, 0] = (1.0, 0.0, 0.0)  # luma 0.299
    pair = ImagePair(visible=visible, infrared=np.array([[0.5, 0.2]], np.float32))
    mean = image_luma(classical.mean().fuse(pair, PLAIN).image)
    assert mean == pytest.approx(np.array([[0.3995, 0.1]]), abs=1e-6)
    maximum = image_luma(classical.maximum().fuse(pair, PLAIN).image)
    assert maximum == pytest.approx(np.array([[0.5, 0.2]]), abs=1e-6)


def test_colour_of_the_visible_picture_is_kept():
    visible = np.full((9, 9, 3), (0.55, 0.5, 0.45), np.float32)
    pair = ImagePair(visible=visible, infrared=np.full((9, 9), 0.6, np.float32))
    _, cb, cr = rgb_to_ycbcr(0.55, 0.5, 0.45)
    for factory in FACTORIES:
        image = factory().fuse(pair, PLAIN).image
        _, fused_cb, fused_cr = rgb_to_ycbcr(image[..., 0], image[..., 1], image[..., 2])
        assert fused_cb == pytest.approx(np.full((9, 9), cb), abs=1e-5), factory.__name__
        assert fused_cr == pytest.approx(np.full((9, 9), cr), abs=1e-5), factory.__name__


def test_laplacian_of_an_impulse_and_a_flat_picture():
    visible = np.zeros((8, 8), np.float32)
    visible[4, 4] = 1.0
    # 8 pixels give one level. 1-D: down = (1, 6, 1)/16 at 1..3, up at 4 = (1 + 36 + 1)/16/8 = 38/128; 2-D: squared.
    low_pass = (38 / 128) ** 2
    fused = fuse_laplacian(visible, np.full((8, 8), 0.4, np.float32))
    assert fused[4, 4] == pytest.approx(1.0 - low_pass + (low_pass + 0.4) / 2, abs=1e-6)


def test_laplacian_of_equal_sources_is_the_source():
    source = _random_pair(61, 83).infrared
    assert fuse_laplacian(source, source) == pytest.approx(source, abs=1e-6)


def test_laplacian_keeps_the_stronger_detail_with_its_sign():
    step = np.full((64, 64), 0.5, np.float32)
    step[:, 32:] = 0.1
    flat = np.full((64, 64), 0.5, np.float32)
    fused = fuse_laplacian(flat, step)
    assert fused[32, 31] - fused[32, 32] == pytest.approx(0.4, abs=0.02)


def test_guided_filter_with_a_flat_guide_is_a_box_mean_of_box_means():
    picture = np.zeros((3, 3))
    picture[1, 1] = 1.0
    smooth = guided_filter(np.full((3, 3), 0.5), picture, radius=1, epsilon=0.1)
    # Box means are 1/9 in the middle, 1/6 at edges, 1/4 in corners; their mean over all nine pixels:
    assert smooth[1, 1] == pytest.approx((1 / 9 + 4 / 6 + 4 / 4) / 9)
    assert smooth[0, 0] == pytest.approx((1 / 9 + 2 / 6 + 1 / 4) / 4)


def test_guided_upsampling_puts_a_coarse_edge_where_the_guide_has_it():
    guide = np.full((64, 64), 0.2, np.float32)
    guide[:, 30:] = 0.8
    coarse = np.full((16, 16), -2.0, np.float32)
    coarse[:, 8:] = 2.0  # from column 32 on
    fine = guided_upsampling(guide, coarse, radius=2, epsilon=1e-3)
    assert fine.dtype == np.float32 and fine.shape == guide.shape
    assert (fine[:, :30] < 0).all() and (fine[:, 30:] > 0).all()


def test_guided_upsampling_of_a_flat_guide_is_smooth_enlargement():
    coarse = np.arange(12, dtype=np.float32)[None].repeat(9, axis=0)
    fine = guided_upsampling(np.full((36, 48), 0.5, np.float32), coarse, radius=1, epsilon=1e-3)
    columns = (np.arange(48) + 0.5) / 4 - 0.5
    assert fine[:, 12:36] == pytest.approx(columns[None, 12:36].repeat(36, axis=0), abs=1e-4)


def test_guided_filter_of_its_own_guide_keeps_a_strong_edge():
    guide = np.zeros((20, 20))
    guide[:, 10:] = 1.0
    assert guided_filter(guide, guide, radius=4, epsilon=1e-6) == pytest.approx(guide, abs=1e-4)


def test_guided_fusion_of_flat_sources_is_their_mean():
    fused = fuse_guided(np.full((20, 30), 0.2, np.float32), np.full((20, 30), 0.8, np.float32))
    assert fused == pytest.approx(np.full((20, 30), 0.5), abs=1e-6)


def test_guided_fusion_takes_the_only_detail_there_is():
    visible = np.tile(np.array([0.3, 0.7], np.float32), (40, 20))
    fused = fuse_guided(visible, np.full((40, 40), 0.5, np.float32))
    assert fused == pytest.approx(visible, abs=0.02)


def test_msx_adds_the_high_pass_of_an_impulse():
    visible = np.zeros((31, 31), np.float32)
    visible[15, 15] = 0.5
    kernel = [math.exp(-(x**2) / 8.0) for x in range(-6, 7)]
    centre = 1.0 / sum(kernel)
    fused = fuse_high_pass(visible, np.full((31, 31), 0.25, np.float32))
    assert fused[15, 15] == pytest.approx(0.25 + 0.5 * (1 - centre**2), abs=1e-5)
    assert fused[15, 16] == pytest.approx(0.25 - 0.5 * centre**2 * kernel[7], abs=1e-5)
    assert fused[0, 0] == pytest.approx(0.25, abs=1e-6)


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("size", [(8, 8), (1, 1), (7, 9), (8, 131), (481, 333)])
def test_any_size_gives_a_picture_of_that_size(factory, size):
    pair = _random_pair(*size)
    image = factory().fuse(pair, PLAIN).image
    assert image.shape == (*size, 3)
    assert image.dtype == np.float32
    assert np.isfinite(image).all() and image.min() >= 0.0 and image.max() <= 1.0


@pytest.mark.parametrize("factory", FACTORIES)
def test_same_input_same_picture_and_inputs_stay(factory):
    pair = _random_pair(33, 47)
    visible, infrared = pair.visible.copy(), pair.infrared.copy()
    first, second = factory().fuse(pair, PLAIN), factory().fuse(pair, PLAIN)
    assert np.array_equal(first.image, second.image)
    assert np.array_equal(pair.visible, visible) and np.array_equal(pair.infrared, infrared)


def test_text_is_ignored_with_a_note():
    pair = _random_pair(16, 16)
    instruction = Instruction(text="brighten the car", edits=(Edit("car", "brighten"),))
    result = classical.mean().fuse(pair, instruction)
    assert result.notes == ["Mean ignores the text: it has no regions and no effects."]
    assert np.array_equal(result.image, classical.mean().fuse(pair, PLAIN).image)
    assert classical.mean().fuse(pair, PLAIN).notes == []


def test_progress_may_cancel():
    def stop(fraction: float, message: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        classical.guided().fuse(_random_pair(8, 8), PLAIN, stop)


def test_the_registry_builds_all_five():
    from engines.registry import build

    for name in ("mean", "max", "laplacian", "guided", "msx"):
        engine = build(name)
        assert engine.name == name and engine.title
        assert engine.fuse(_random_pair(8, 8), PLAIN).seconds["fuse"] >= 0.0
