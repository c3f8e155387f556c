from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.errors import CheckpointError
from engines.regions import sam
from engines.regions.sam import Segmenter

BOXES = np.array([[4, 4, 30, 40], [20, 10, 64, 48], [0, 0, 8, 8]], np.float32)


@pytest.fixture
def looks(tiny_segmenter) -> list[tuple[int, ...]]:
    """The shape of every picture that goes through the image encoder."""
    seen: list[tuple[int, ...]] = []
    tiny_segmenter.network.image_encoder.register_forward_hook(lambda _, given, __: seen.append(tuple(given[0].shape)))
    return seen


def test_one_mask_per_box_at_the_picture_s_size(tiny_segmenter, pair):
    masks = tiny_segmenter.masks(pair.visible, BOXES)
    assert masks.shape == (3, 48, 64) and masks.dtype == np.float32
    assert masks.min() >= 0.0 and masks.max() <= 1.0
    assert not np.array_equal(masks[0], masks[1])


def test_masks_do_not_depend_on_the_other_boxes(tiny_segmenter, pair):
    together = tiny_segmenter.masks(pair.visible, BOXES)
    assert np.allclose(tiny_segmenter.masks(pair.visible, BOXES[1:2])[0], together[1], atol=1e-5)


def test_the_masks_are_the_library_s(tiny_segmenter, pair):
    from segment_anything import SamPredictor

    predictor = SamPredictor(tiny_segmenter.network)
    predictor.set_image(np.round(pair.visible * 255).astype(np.uint8))
    theirs, _, _ = predictor.predict(box=BOXES[0], multimask_output=False)
    assert np.array_equal(tiny_segmenter.masks(pair.visible, BOXES[:1])[0] > 0.5, theirs[0])


def test_a_picture_is_looked_at_once(tiny_segmenter, pair, looks):
    first = tiny_segmenter.masks(pair.visible, BOXES)
    tiny_segmenter.masks(pair.visible, BOXES[:1])
    assert np.array_equal(tiny_segmenter.masks(pair.visible.copy(), BOXES), first)
    assert looks == [(1, 3, 64, 64)]
    tiny_segmenter.masks(1.0 - pair.visible, BOXES)
    assert len(looks) == 2


def test_old_pictures_are_forgotten(tiny_segmenter, pair, looks):
    segmenter = Segmenter(tiny_segmenter.network, torch.device("cpu"), pictures=2)
    pictures = [pair.visible, pair.visible[::-1], pair.visible[:, ::-1]]
    for picture in (*pictures, pictures[2], pictures[1], pictures[0]):
        segmenter.masks(picture, BOXES)
    assert len(looks) == 4


def test_without_boxes_the_picture_is_not_looked_at(tiny_segmenter, pair, looks):
    assert tiny_segmenter.masks(pair.visible, np.zeros((0, 4), np.float32)).shape == (0, 48, 64)
    assert looks == []


def test_the_published_weights_are_loaded_strictly(tiny_segmenter, tiny_sam_builder, tmp_path, monkeypatch):
    import segment_anything

    monkeypatch.setitem(segment_anything.sam_model_registry, "vit_l", tiny_sam_builder)
    state = tiny_segmenter.network.state_dict()
    torch.save(state, tmp_path / "sam.pth")
    loaded = sam.load_network(tmp_path / "sam.pth", "vit-l").state_dict()
    assert all(torch.equal(loaded[name], value) for name, value in state.items())
    state["mask_decoder.more"] = torch.zeros(1)
    torch.save(state, tmp_path / "sam.pth")
    with pytest.raises(CheckpointError, match="1 unexpected .mask_decoder.more"):
        sam.load_network(tmp_path / "sam.pth", "vit-l")
