"""The published parquet form of referring data, written with pandas and read back."""

from __future__ import annotations

import io
import logging

import numpy as np
import pytest
from PIL import Image

from engines.cache import CACHE_VARIABLE
from engines.errors import InputError
from training import mm_ris_parquet
from training.references import read_scenes

pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def encoded(levels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, format="PNG")
    return file.getvalue()


def npy(mask: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, mask)
    return file.getvalue()


def picture(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def row(name: str, seed: int, question: str, mask: np.ndarray) -> dict:
    h, w = mask.shape
    return {
        "image_name": name,
        "visible_image": encoded(picture(seed, h, w, 3)),
        "infrared_image": encoded(picture(seed + 100, h, w)),
        "question": question,
        "segmentation": npy(mask.astype(np.uint8)),
    }


def left(columns: int, shape: tuple[int, int] = (24, 32)) -> np.ndarray:
    mask = np.zeros(shape, bool)
    mask[:, :columns] = True
    return mask


def write(path, rows: list[dict], **options) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pandas.DataFrame(rows, columns=list(mm_ris_parquet.COLUMNS)).to_parquet(path, index=False, **options)


def test_reads_back_what_pandas_wrote(tmp_path):
    data = tmp_path / "data"
    write(
        data / "mm_ris_train_part1.parquet",
        [
            row("00001D.png", 1, "the car on the left", left(8)),
            row("00002N.png", 2, "nothing to see", left(0)),
            row("00001D.png", 1, "everything", left(32)),
        ],
    )
    write(data / "mm_ris_val.parquet", [row("00003D.png", 3, "a wall", left(32, (40, 56)))])
    first, second = read_scenes(data, "train")
    assert (first.name, second.name) == ("00001D", "00002N")
    assert [reference.sentences for reference in first.references] == [("the car on the left",), ("everything",)]
    assert {reference.kind for reference in first.references} == {"thing"}
    np.testing.assert_array_equal(first.visible, picture(1, 24, 32, 3))
    np.testing.assert_array_equal(first.infrared, picture(101, 24, 32))
    np.testing.assert_array_equal(first.references[0].mask(), left(8))
    assert second.references[0].mask().sum() == 0
    (other,) = read_scenes(data / "mm_ris_val.parquet", "val")
    assert other.references[0].mask().shape == other.infrared.shape == (40, 56)
    with pytest.raises(InputError, match="one of train, val, but got 'test'"):
        read_scenes(data, "test")


def test_unpacked_once_and_again_when_the_file_changes(tmp_path, monkeypatch):
    file = tmp_path / "mm_ris_train.parquet"
    write(file, [row("a.png", 1, "one", left(4))])
    folder = mm_ris_parquet.unpacked([file])
    with monkeypatch.context() as patch:
        patch.setattr(mm_ris_parquet, "rows", lambda file: pytest.fail("read again"))
        assert mm_ris_parquet.unpacked([file]) == folder
    write(file, [row("a.png", 1, "one", left(4)), row("b.png", 2, "two", left(4))])
    assert len(read_scenes(file, "train")) == 2


@pytest.mark.parametrize(
    ("count", "size", "row_group_size", "share"), [(320, 90_000, 32, 0.3), (4096, 7_000, None, 0.6)]
)
def test_rows_stream_by(tmp_path, count, size, row_group_size, share):
    """Row groups pass one by one; of a single one, as pandas writes it, pages of at most 1,024 rows do."""
    file = tmp_path / "mm_ris_test.parquet"
    rng = np.random.default_rng(0)
    values = {name: [rng.bytes(size // 3) for _ in range(count)] for name in mm_ris_parquet.COLUMNS}
    values["image_name"] = values["question"] = [f"number {i}" for i in range(count)]
    pandas.DataFrame(values).to_parquet(file, index=False, row_group_size=row_group_size)
    written = file.stat().st_size
    assert written > 15_000_000
    held, before = 0, pyarrow.total_allocated_bytes()
    for number, read in enumerate(mm_ris_parquet.rows(file)):
        assert read["question"] == f"number {number}" and read["segmentation"] == values["segmentation"][number]
        held = max(held, pyarrow.total_allocated_bytes() - before)
    assert number == count - 1
    assert 0 < held < share * written


def test_one_name_for_two_pictures_and_two_files_with_the_same_rows(tmp_path):
    data = tmp_path / "data"
    rows = [row("x/00001.png", 1, "one", left(4)), row("y/00001.png", 2, "one", left(4))]
    write(data / "mm_ris_train.parquet", rows)
    write(data / "mm_ris_train_part1.parquet", rows[:1])
    scenes = read_scenes(data, "train")
    assert [scene.name for scene in scenes] == ["00001", "00001~2"]
    assert [len(scene.references) for scene in scenes] == [1, 1]
    np.testing.assert_array_equal(scenes[1].visible, picture(2, 24, 32, 3))


def test_files_that_name_no_split_are_split_by_picture(tmp_path):
    file = tmp_path / "all.parquet"
    write(file, [row(f"{i % 40}.png", i % 40, f"sentence {i}", left(4)) for i in range(80)])
    train, val = ({scene.name for scene in read_scenes(file, split)} for split in ("train", "val"))
    assert not train & val and len(train | val) == 40
    assert 22 <= len(train) <= 38


def test_rows_without_a_value_are_left_out(tmp_path, caplog):
    file = tmp_path / "mm_ris_test.parquet"
    write(file, [row("a.png", 1, "one", left(4)), {**row("b.png", 2, "two", left(4)), "question": None}])
    with caplog.at_level(logging.WARNING):
        assert [scene.name for scene in read_scenes(file, "test")] == ["a"]
    assert "1 rows" in caplog.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"segmentation": b"no mask"}, r"Row 0 of mm_ris_test.parquet \(a.png\) must hold a segmentation"),
        ({"segmentation": npy(left(3, (20, 20)))}, "must hold a mask of"),
        ({"segmentation": npy(np.array([{}], object))}, "must hold a segmentation"),
        ({"infrared_image": b"no picture"}, "must hold an encoded infrared picture"),
    ],
)
def test_rows_that_cannot_be_used_are_named(tmp_path, cache, changes, said):
    file = tmp_path / "mm_ris_test.parquet"
    write(file, [{**row("a.png", 1, "one", left(4)), **changes}])
    with pytest.raises(InputError, match=said):
        read_scenes(file, "test")
    assert not list((cache / "mm-ris").iterdir())


def test_files_that_are_something_else(tmp_path):
    file = tmp_path / "mm_ris_test.parquet"
    pandas.DataFrame([{"image_name": "a", "question": "b"}]).to_parquet(file)
    with pytest.raises(InputError, match="lacks visible_image"):
        read_scenes(file, None)
    file.write_bytes(b"nothing")
    with pytest.raises(InputError, match="must be a parquet file"):
        read_scenes(file, None)
