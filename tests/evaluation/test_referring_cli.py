"""`python -m evaluation ris`, `ris-absent` and `ris-contrast` on a small data set made here."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import app.pairs
import engines
from engines import Edit, FusionResult, ImagePair, Instruction, Region
from engines.cache import CACHE_VARIABLE
from engines.color import image_luma
from evaluation.cli import main
from evaluation.run_length import encode_mask

_SHAPE = (48, 64)
_NAMES = ["n", "mIoU", "oIoU", "P@0.5", "P@0.6", "P@0.7", "P@0.8", "P@0.9"]


def _columns(first: int, last: int) -> np.ndarray:
    mask = np.zeros(_SHAPE, dtype=bool)
    mask[:, first:last] = True
    return mask


@pytest.fixture
def references(folders: Path, levels: Callable[..., np.ndarray], save: Callable[[Path, np.ndarray], None]) -> Path:
    """Two pictures of split val, one of train; the masks are columns of the 64."""
    save(folders / "visible" / "three.png", levels(2, *_SHAPE, 3))
    save(folders / "infrared" / "three.png", levels(12, *_SHAPE))
    rows = [
        ("one", "val", ["the left half", "An area at the left"], "stuff", "road", _columns(0, 32)),
        ("two", "val", ["a narrow strip"], "thing", "car", _columns(0, 10)),
        ("one", "val", ["the theatre"], "thing", "person", _columns(0, 64)),
        ("two", "val", ["the cars"], "class", "car", _columns(32, 64)),
        ("three", "train", ["elsewhere"], "thing", "car", _columns(0, 64)),
        ("unsaid", "val", [], "thing", "car", _columns(0, 64)),
    ]
    lines = [
        {"image": image, "split": split, "sentences": sentences, "kind": kind, "classes": [name]}
        | {"mask": encode_mask(mask)}
        for image, split, sentences, kind, name, mask in rows
    ]
    scenes = [
        {"image": image, "night": night, "stuff": {}, "objects": [{"class": name, "area": 1} for name in names]}
        for image, night, names in (("one", False, ["person"]), ("two", True, ["truck"]), ("three", True, []))
    ]
    for name, entries in (("refs", lines), ("scenes", scenes)):
        (folders / f"{name}.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return folders


class _Engine:
    """Fuses to the visible picture; as the head, it finds the left half, or what `found` says for a phrase."""

    name = "ris-fusion"

    def __init__(self) -> None:
        self.asked: list[Instruction] = []
        self.sought: list[str] = []
        self.sizes: set[tuple] = set()
        self.found: dict[str, np.ndarray] = {}

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: object = None) -> FusionResult:
        self.asked.append(instruction)
        return FusionResult(image=pair.visible)

    def segment(
        self, image: np.ndarray, phrases: Sequence[str], head_size: tuple[int, int] | None = None
    ) -> Iterator[Region]:
        self.sizes.add((image.shape[:2], head_size))
        for phrase in phrases:
            self.sought.append(phrase)
            columns = np.arange(image.shape[1]) < image.shape[1] // 2
            inside = self.found.get(phrase, np.broadcast_to(columns, image.shape[:2]))
            yield Region(phrase, np.where(inside, 0.5, 0.49).astype(np.float32), 0.5, None)

    def refer(
        self, pair: ImagePair, phrases: Sequence[str], head_size: tuple[int, int] | None = None
    ) -> Iterator[tuple[np.ndarray, Region]]:
        for phrase in phrases:
            image = self.fuse(pair, Instruction(phrase, (Edit(phrase, "highlight"),))).image
            yield image, next(self.segment(image, [phrase], head_size))


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> dict[str, _Engine]:
    """What `engines.build` returns, by name."""
    known = {"ris-fusion": _Engine(), "terf": _Engine(), "mean": _Engine()}
    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: known[name])
    return known


def _ask(command: str, folder: Path, *arguments: str) -> list[str]:
    output = folder / "out" / "report.json"
    return [command, "--data", str(folder), "--output", str(output), *arguments]


def _ris(folder: Path, *arguments: str) -> list[str]:
    return _ask("ris", folder, "--engine", "ris-fusion", *arguments)


def test_ris_by_hand(references: Path, built: dict[str, _Engine], read_report: Callable[[], dict]) -> None:
    assert main(_ris(references, "--split", "val")) == 0
    report = read_report()
    # IoU 1 twice (the half), 32/64 (everything), 10/32 (the strip), 0 (the cars).
    assert list(report)[:8] == _NAMES
    assert report["n"] == 5
    assert report["mIoU"] == pytest.approx(100 * (1 + 1 + 0.5 + 10 / 32) / 5)
    assert report["oIoU"] == pytest.approx(100 * (32 + 32 + 32 + 10) / (32 + 32 + 64 + 32 + 64))
    assert [report[name] for name in _NAMES[3:]] == [60.0, 40.0, 40.0, 40.0, 40.0]
    assert list(report["per_kind"]) == ["class", "stuff", "thing"]
    assert report["per_kind"]["stuff"] == {"n": 2, **dict.fromkeys(_NAMES[1:], 100.0)}
    assert report["per_kind"]["thing"]["mIoU"] == pytest.approx(100 * (0.5 + 10 / 32) / 2)
    assert {name: values["n"] for name, values in report["per_class"].items()} == {"car": 1}
    assert report["per_time"]["day"]["mIoU"] == pytest.approx(100 * 2.5 / 3)
    assert report["per_time"]["night"]["n"] == 2
    assert report["per_reference"] == {
        "one#0.0": {"IoU": 100.0},
        "one#0.1": {"IoU": 100.0},
        "one#1.0": {"IoU": 50.0},
        "two#0.0": {"IoU": 31.25},
        "two#1.0": {"IoU": 0.0},
    }
    low, high = report["interval"]["mIoU"]
    assert low < report["mIoU"] < high
    assert report["settings"]["engine"] == "ris-fusion" and report["settings"]["data"].endswith(" val")
    assert built["ris-fusion"].sought == ["left half", "area at the left", "theatre", "narrow strip", "cars"]


def test_ris_reads_each_pair_once_and_all_splits_by_default(
    references: Path, built: dict[str, _Engine], monkeypatch: pytest.MonkeyPatch, read_report: Callable[[], dict]
) -> None:
    read, read_pair = [], app.pairs.read_pair
    monkeypatch.setattr(
        app.pairs, "read_pair", lambda visible, infrared: (read.append(visible.stem), read_pair(visible, infrared))[1]
    )
    assert main(_ris(references)) == 0
    assert read_report()["n"] == 6
    assert read == ["one", "two", "three"]


def test_any_engine_fuses_and_the_head_segments(
    references: Path, built: dict[str, _Engine], error_line: Callable[[list[str]], str]
) -> None:
    head = built["ris-fusion"]
    assert main(_ask("ris", references, "--split", "val", "--engine", "terf")) == 0
    assert [ask.text for ask in built["terf"].asked][:2] == ["the left half", "An area at the left"]
    assert built["terf"].asked[0].edits == (Edit("left half", "highlight"),)
    assert head.asked == [] and len(head.sought) == 5 and built["terf"].sought == []
    assert main(_ask("ris", references, "--split", "val", "--engine", "mean")) == 0
    assert built["mean"].asked == [Instruction(), Instruction()], "the text changes nothing: once per picture"
    assert len(head.sought) == 10
    assert main(_ask("ris", references, "--split", "val", "--engine", "infrared")) == 0
    assert len(head.sought) == 15 and head.asked == []
    assert "one of ris-fusion" in error_line(_ask("ris", references, "--engine", "nobody"))


def test_without_text_only_the_head_reads_it(references: Path, built: dict[str, _Engine]) -> None:
    assert main(_ris(references, "--split", "val", "--without-text")) == 0
    assert built["ris-fusion"].asked == [Instruction(), Instruction()]
    assert built["ris-fusion"].sought[0] == "left half"


def test_the_paper_s_protocol_works_at_480(
    references: Path, built: dict[str, _Engine], read_report: Callable[[], dict], error_line: Callable
) -> None:
    assert main(_ris(references, "--split", "val", "--protocol", "480")) == 0
    assert built["ris-fusion"].sizes == {((480, 480), (480, 480))}
    assert read_report()["per_reference"]["one#0.0"] == {"IoU": 100.0}
    assert "one of native, 480" in error_line(_ris(references, "--protocol", "512"))


def test_limit_and_sheet(references: Path, built: dict[str, _Engine], read_report: Callable[[], dict]) -> None:
    sheet = references / "sheets" / "sheet.png"
    assert main(_ris(references, "--limit", "3", "--sheet", str(sheet), "--sheet-rows", "2")) == 0
    assert list(read_report()["per_reference"]) == ["one#0.0", "one#1.0", "two#1.0"]
    with Image.open(sheet) as drawn:
        levels = np.asarray(drawn)
    (width, height), panel = drawn.size, round(320 * 48 / 64)
    assert width > 5 * 320 and height > 2 * panel
    # The mask of the first row is the left half: there the fourth panel is redder than the fused one.
    first = levels[20 : 20 + panel].astype(int)
    fused, found = (first[:, 6 + 326 * i : 326 * (i + 1)] for i in (2, 3))
    redder = (found[..., 0] - found[..., 2]) - (fused[..., 0] - fused[..., 2])
    assert redder[:, :150].mean() > 30 and abs(redder[:, 170:]).mean() < 3


def test_a_sheet_without_rows_is_refused_before_anything_is_scored(
    references: Path, built: dict[str, _Engine], error_line: Callable[[list[str]], str]
) -> None:
    sheet = references / "sheets" / "sheet.png"
    said = error_line(_ris(references, "--sheet", str(sheet), "--sheet-rows", "0"))
    assert "--sheet-rows must be 1 or more, but got 0" in said
    assert built["ris-fusion"].sought == [] and not (references / "out" / "report.json").exists()


def test_a_stopped_run_goes_on(
    references: Path, built: dict[str, _Engine], monkeypatch: pytest.MonkeyPatch, read_report: Callable[[], dict]
) -> None:
    read_pair = app.pairs.read_pair
    with monkeypatch.context() as patch:

        def stop(visible: Path, infrared: Path) -> ImagePair:
            if visible.stem == "two":
                raise KeyboardInterrupt
            return read_pair(visible, infrared)

        patch.setattr(app.pairs, "read_pair", stop)
        with pytest.raises(KeyboardInterrupt):
            main(_ris(references, "--split", "val"))
    assert len(built["ris-fusion"].sought) == 3
    assert main(_ris(references, "--split", "val")) == 0
    assert built["ris-fusion"].sought[3:] == ["narrow strip", "cars"]
    assert read_report()["n"] == 5
    assert [path.name for path in (references / "out").iterdir()] == ["report.json"]


def test_ris_takes_what_other_programs_write(
    references: Path, built: dict[str, _Engine], read_report: Callable[[], dict]
) -> None:
    # A line separator inside a sentence, no split, no kind, no annotation.
    row = {"image": "one", "sentences": ["left\u2028half"], "mask": encode_mask(_columns(0, 32))}
    (references / "refs.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (references / "scenes.jsonl").unlink()
    assert main(_ris(references)) == 0
    assert read_report()["per_kind"]["unknown"]["mIoU"] == 100.0
    assert read_report()["per_time"] == {}


def test_ris_takes_mm_ris_parquet(
    references: Path,
    built: dict[str, _Engine],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    read_report: Callable[[], dict],
) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    mask = io.BytesIO()
    np.save(mask, _columns(0, 16).astype(np.uint8))
    row = {slot + "_image": (references / slot / "one.png").read_bytes() for slot in ("visible", "infrared")}
    row |= {"image_name": "00001D.png", "question": "the cars", "segmentation": mask.getvalue()}
    file = tmp_path / "mm_ris_test.parquet"
    pandas.DataFrame([row]).to_parquet(file, index=False)
    assert main([*_ris(references)[:1], "--data", str(file), *_ris(references)[3:]]) == 0
    assert read_report()["per_reference"] == {"00001D#0.0": {"IoU": 50.0}}


def test_ris_data_that_cannot_be_used(
    references: Path, built: dict[str, _Engine], error_line: Callable[[list[str]], str]
) -> None:
    index = references / "refs.jsonl"
    good = index.read_text(encoding="utf-8")
    row = json.loads(good.splitlines()[0])
    assert "one of train, val, but got 'test'" in error_line(_ris(references, "--split", "test"))
    assert "--limit must be 1 or more" in error_line(_ris(references, "--limit", "0"))

    def error_with(**changes: object) -> str:
        index.write_text(good + json.dumps({**row, **changes}) + "\n", encoding="utf-8")
        return error_line(_ris(references))

    assert "Line 7" in error_with(sentences="the car")
    assert "Line 7" in error_with(sentences=[" "])
    assert "Line 7" in error_with(mask={"size": [48], "counts": ""})
    assert "four has none" in error_with(image="four")
    assert "cannot be decoded" in error_with(mask={"size": list(_SHAPE), "counts": "1"})
    assert "must be 64x48 like its visible picture" in error_with(mask=encode_mask(np.ones((48, 60), bool)))
    index.write_text(good + "{", encoding="utf-8")
    assert "Line 7" in error_line(_ris(references))
    index.write_text("", encoding="utf-8")
    assert "at least one sentence" in error_line(_ris(references))
    index.unlink()
    assert "refs.jsonl" in error_line(_ris(references))


def test_absent_things(references: Path, built: dict[str, _Engine], read_report: Callable[[], dict]) -> None:
    arguments = _ask("ris-absent", references, "--engine", "ris-fusion", "--count", "40")
    nothing = np.zeros(_SHAPE, bool)
    head = built["ris-fusion"]
    assert main(arguments) == 0
    first = read_report()
    texts = first["texts"]
    assert first["n"] == len(texts) == 40 and texts.keys() == first["per_reference"].keys()
    # One has a person, two a truck, which may pass for a car, and all cars of its references; three has a car.
    for name in texts:
        picture, _, rest = name.partition("#")
        assert rest.split(".")[0] not in {"one": ("person",), "two": ("car",), "three": ("car",)}[picture]
    assert set(first["per_class"]) == {"person", "car", "bicycle", "cone"}
    assert first["false_positives"] == 100.0 and first["mask_share"] == pytest.approx(50.0) and first["empty"] == 0.0

    speck = nothing.copy()
    speck[:3, :5] = True  # 15 of 3072 pixels, 0.49 %
    head.found = {sentence: nothing for sentence in head.sought[:30]} | {head.sought[39]: speck}
    head.sought.clear()
    assert main(arguments) == 0
    second = read_report()
    assert second["texts"] == texts, "the same seed"
    marked = [values["mask_share"] for values in second["per_reference"].values()]
    assert 0.0 < second["false_positives"] == 100.0 * np.mean([share > 0.5 for share in marked]) < 100.0
    assert 0.0 < second["empty"] == 100.0 * np.mean([share == 0.0 for share in marked])


def test_absent_things_need_an_annotation(references: Path, built: dict[str, _Engine], error_line: Callable) -> None:
    arguments = _ask("ris-absent", references, "--engine", "ris-fusion")
    assert "allows" in error_line([*arguments, "--count", "100000"])
    (references / "scenes.jsonl").unlink()
    assert "annotated pictures" in error_line(arguments)


def test_contrast_of_what_is_named(
    references: Path, built: dict[str, _Engine], read_report: Callable[[], dict]
) -> None:
    class Lifting(_Engine):
        """Brightens the left ten columns when the strip is named, by 0.2."""

        def fuse(self, pair: ImagePair, instruction: Instruction, progress: object = None) -> FusionResult:
            super().fuse(pair, instruction)
            rng = np.random.default_rng(0)
            image = np.repeat(0.4 + 0.1 * rng.random((*_SHAPE, 1), dtype=np.float32), 3, axis=2)
            image[:, :10] += 0.1 + 0.2 * (instruction.text == "a narrow strip")
            return FusionResult(image=image)

    built["ris-fusion"] = engine = Lifting()
    assert main(_ask("ris-contrast", references, "--split", "val", "--engine", "ris-fusion")) == 0
    report = read_report()
    # In the first picture everything overlaps; in the second, each of the two is the other's wrong text.
    assert list(report["per_reference"]) == ["two#0.0", "two#1.0"] and report["n"] == 2
    y = image_luma(engine.fuse(ImagePair(np.zeros((*_SHAPE, 3), np.float32), np.zeros(_SHAPE)), Instruction()).image)
    inside, ring = y[:, :10].astype(float), y[:, 10:25].astype(float)
    spread = np.sqrt((inside.var() + ring.var()) / 2)
    strip = report["per_reference"]["two#0.0"]
    assert strip["none"] == strip["wrong"] == pytest.approx((inside.mean() - ring.mean()) / spread, rel=1e-4)
    assert strip["right"] == pytest.approx((inside.mean() + 0.2 - ring.mean()) / spread, rel=1e-4)
    cars = report["per_reference"]["two#1.0"]
    assert cars["right"] == cars["wrong"] == cars["none"]
    mean = {text: (strip[text] + cars[text]) / 2 for text in ("right", "none")}
    assert report["mean"]["right"] == pytest.approx(mean["right"])
    assert report["gain"]["right"] == pytest.approx(100 * (mean["right"] / mean["none"] - 1))
    assert report["gain"]["wrong"] == pytest.approx(0.0)
    assert report["raised"] == 50.0


def test_contrast_needs_two_separate_things(references: Path, built: dict[str, _Engine], error_line: Callable) -> None:
    arguments = _ask("ris-contrast", references, "--split", "train", "--engine", "ris-fusion")
    assert "two separate things" in error_line(arguments)


@pytest.mark.parametrize(("command", "takes_sources"), [("ris", True), ("ris-absent", True), ("ris-contrast", False)])
def test_the_help_offers_the_sources_where_they_are_taken(
    command: str, takes_sources: bool, capsys: pytest.CaptureFixture
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    offered = " ".join(capsys.readouterr().out.split())
    assert "what fuses: ris-fusion, terf" in offered
    assert ("msx, visible, infrared" in offered) is takes_sources
