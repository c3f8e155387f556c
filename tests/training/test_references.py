"""The folder form of referring data, and what is drawn from it."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from engines.errors import InputError
from training.references import CLASSES, UNLABELLED, read_scenes
from training.referring_samples import ReferringSampler
from training.rendered_references import encode_mask


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "data" / "tiny"
    (root / "visible").mkdir(parents=True)
    (root / "infrared").mkdir()
    car, road = np.zeros((24, 32)), np.zeros((24, 32))
    car[10:16, 4:12] = 1
    road[12:, :] = 1
    references, scenes = [], []
    for name, split in (("a", "train"), ("b", "val")):
        picture = np.full((24, 32, 3), 60, np.uint8)
        picture[car > 0] = (250, 0, 0)
        cv2.imwrite(str(root / "visible" / f"{name}.png"), picture[..., ::-1])
        cv2.imwrite(str(root / "infrared" / f"{name}.png"), picture[..., 0])
        for kind, sentences, classes, mask in (
            ("class", ["the cars", "the vehicles"], ["car"], car),
            ("thing", ["the red car on the left"], ["car"], car),
            ("stuff", ["the road"], ["road"], road),
        ):
            references.append(
                {"image": name, "split": split, "sentences": sentences, "kind": kind, "classes": classes}
                | {"mask": encode_mask(mask)}
            )
        item = {"id": "x", "class": "car", "box": [4, 10, 12, 16], "area": 48, "mask": encode_mask(car)}
        scenes.append({"image": name, "night": False, "objects": [item], "stuff": {"road": encode_mask(road)}})
    for file, lines in (("refs.jsonl", references), ("scenes.jsonl", scenes)):
        (root / file).write_text("\n".join(json.dumps(line) for line in lines))
    return tmp_path / "data"


def test_reads_pictures_references_and_labels(folder):
    (scene,) = read_scenes(folder, "train")
    assert scene.name == "a" and len(scene.references) == 3
    assert scene.visible.shape == (24, 32, 3) and tuple(scene.visible[12, 6]) == (250, 0, 0)
    assert scene.infrared[12, 6] == 250
    assert scene.references[0].mask().sum() == 48
    # The car stands on the road: the object wins; the sky was never labelled.
    assert CLASSES[scene.labels[13, 6]] == "car"
    assert CLASSES[scene.labels[20, 20]] == "road"
    assert scene.labels[0, 0] == UNLABELLED
    assert scene.present == {"car", "road"}


def test_accepts_the_data_set_itself(folder):
    assert [scene.name for scene in read_scenes(folder / "tiny", "val")] == ["b"]


def test_bad_data_is_one_sentence(folder, tmp_path):
    with pytest.raises(InputError, match="refs.jsonl"):
        read_scenes(tmp_path / "nowhere", "train")
    with pytest.raises(InputError, match="split 'test'"):
        read_scenes(folder, "test")
    (folder / "tiny" / "infrared" / "a.png").unlink()
    with pytest.raises(InputError, match="infrared/a.jpg"):
        _ = read_scenes(folder, "train")[0].infrared


def test_batches_are_reproducible_and_true(folder):
    scenes = read_scenes(folder, "train")
    one, other = (ReferringSampler(scenes, (24, 32), seed=5, absent=0.0).batch(16) for _ in range(2))
    assert one.sentences == other.sentences and one.visible.equal(other.visible)
    assert one.visible.shape == (16, 3, 24, 32) and one.infrared.shape == (16, 1, 24, 32)
    assert set(one.mask.unique().tolist()) <= {0.0, 1.0}
    for sentence, mask in zip(one.sentences, one.mask[:, 0].numpy(), strict=True):
        columns = np.flatnonzero(mask.any(axis=0))
        if "left" in sentence:
            assert columns.max() < 16
        elif "right" in sentence:
            assert columns.min() >= 16
    assert any("right" in sentence for sentence in one.sentences)


def test_absent_classes_have_empty_masks(folder):
    batch = ReferringSampler(read_scenes(folder, "train"), (24, 32), seed=0, absent=1.0).batch(24)
    assert all("car" not in sentence and "road" not in sentence for sentence in batch.sentences)
    assert batch.mask.sum() == 0
