"""The folder form of referring data, and what is drawn from it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engines.errors import InputError
from training.augmentation import depends_on_frame
from training.references import CLASSES, UNLABELLED, read_scenes
from training.referring_samples import ReferringSampler


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
    assert scene.present == {"car", "road"} and scene.night is False
    assert [reference.number for reference in scene.references] == [0, 1, 2]


def test_accepts_the_data_set_itself(folder):
    assert [scene.name for scene in read_scenes(folder / "tiny", "val")] == ["b"]


def test_bad_data_is_one_sentence(folder, tmp_path):
    with pytest.raises(InputError, match="refs.jsonl"):
        read_scenes(tmp_path / "nowhere", "train")
    with pytest.raises(InputError, match="but got 'test'"):
        read_scenes(folder, "test")
    (folder / "tiny" / "infrared" / "a.png").unlink()
    with pytest.raises(InputError, match="file in infrared/, but a has none"):
        read_scenes(folder, "train")


def test_damaged_lines_are_named(folder):
    index = folder / "tiny" / "scenes.jsonl"
    index.write_text(index.read_text() + "\n[]")
    with pytest.raises(InputError, match="Line 3 of .*scenes.jsonl"):
        read_scenes(folder, "train")


def test_without_an_annotation_any_class_may_be_there(folder):
    (folder / "tiny" / "scenes.jsonl").unlink()
    (scene,) = read_scenes(folder, "train")
    assert scene.present == set(CLASSES) and scene.night is None
    assert (scene.labels == UNLABELLED).all()


def test_all_splits_in_file_order(folder):
    assert [scene.name for scene in read_scenes(folder, None)] == ["a", "b"]


def test_batches_are_reproducible_and_true(folder):
    scenes = read_scenes(folder, "train")
    one, other = (ReferringSampler(scenes, (24, 32), seed=5, absent=0.0).batch(16, 2) for _ in range(2))
    assert one.sentences == other.sentences and one.visible.equal(other.visible)
    assert one.visible.shape == (16, 3, 24, 32) and one.infrared.shape == (16, 1, 24, 32)
    assert set(one.masks.unique().tolist()) <= {0.0, 1.0}
    assert one.index.tolist() == sorted(one.index.tolist()) and set(one.index.tolist()) == set(range(16))
    for sentence, mask in zip(one.sentences, one.masks[:, 0].numpy(), strict=True):
        columns = np.flatnonzero(mask.any(axis=0))
        if "left" in sentence:
            assert columns.max() < 16
        elif "right" in sentence:
            assert columns.min() >= 16
    assert any("right" in sentence for sentence in one.sentences)


def test_absent_classes_have_empty_masks(folder):
    batch = ReferringSampler(read_scenes(folder, "train"), (24, 32), seed=0, absent=1.0).batch(12, 2)
    assert all("car" not in sentence and "road" not in sentence for sentence in batch.sentences)
    assert batch.masks.sum() == 0


@pytest.mark.parametrize("changed", [{"kind": None, "classes": None}, {"kind": "phrase"}, {"classes": None}])
def test_references_of_no_known_kind_are_drawn_as_things(folder, changed):
    index = folder / "tiny" / "refs.jsonl"
    lines = [json.loads(line) for line in index.read_text().splitlines()]
    for line in lines:
        for key, value in changed.items():
            del line[key]
            if value is not None:
                line[key] = value
    index.write_text("\n".join(json.dumps(line) for line in lines))
    batch = ReferringSampler(read_scenes(folder, "train"), (24, 32), seed=0).batch(8, 2)
    assert any("car" in sentence for sentence in batch.sentences) and batch.masks.sum() > 0


def test_windows_show_what_they_name_and_keep_their_sentences_true(folder):
    scenes = read_scenes(folder, "train")
    batch = ReferringSampler(scenes, (12, 16), seed=0, absent=0.0, pasting=0.0, windows=(0.5, 0.5)).batch(16, 2)
    assert batch.visible.shape == (16, 3, 12, 16)
    assert not any(depends_on_frame(sentence) for sentence in batch.sentences)
    first = [batch.index.tolist().index(picture) for picture in range(16)]
    assert all(batch.masks[i].any() for i in first)
    assert len({tuple(batch.masks[i].flatten().tolist()) for i in first}) > 8, "cut out in different places"
