"""Running several engines: order, failures, cache, Stop, one region for all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engines
from app.batch import weights_digest
from app.comparison import compare
from app.comparison.files import write_results
from engines import Cancelled, Edit, ImagePair, InputError, Instruction, Region
from engines.bounded_cache import BoundedCache
from engines.checkpoints import Checkpoint
from engines.regions.options import RegionOptions
from evaluation.metrics_profiles import COMMON_NINE
from tests.app.comparison.conftest import HEIGHT, INSTRUCTION, WIDTH, Broken, Levels

NAMES = ["ris-fusion", "mean", "max"]


def test_results_come_one_after_another_and_have_one_size(pair, fakes, cache):
    seen = []
    found = compare(pair, INSTRUCTION, NAMES, finished=lambda cell: seen.append(cell.engine), cache=cache)
    assert seen == NAMES == [cell.engine for cell in found.cells] and not found.failures
    assert {picture.shape for picture in found.pictures.values()} == {(HEIGHT, WIDTH, 3)}
    assert list(found.pictures) == ["visible", "infrared", *NAMES]
    assert (found.cells[0].image == 51).all()
    # Loading says nothing about a method.
    assert found.cells[0].seconds == pytest.approx(0.25)


def test_progress_grows_and_names_the_engine(pair, fakes, cache):
    told = []
    compare(pair, INSTRUCTION, NAMES, progress=lambda fraction, message: told.append((fraction, message)), cache=cache)
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions) and fractions[0] >= 0.0 and fractions[-1] <= 1.0
    assert any("RIS-FUSION (1 of 3): step 1" in message for _, message in told)
    assert any("Maximum (3 of 3)" in message for _, message in told)


def test_a_second_comparison_calls_no_engine(pair, fakes, cache):
    first = compare(pair, INSTRUCTION, NAMES, cache=cache)
    again = compare(
        ImagePair(pair.visible.copy(), pair.infrared.copy()), INSTRUCTION, [*NAMES, "laplacian"], cache=cache
    )
    assert len(fakes["ris-fusion"].calls) == 1
    assert [cell.cached for cell in again.cells] == [True, True, True, False]
    assert (again.cells[1].image == first.cells[1].image).all() and again.cells[0].seconds == first.cells[0].seconds
    assert again.scores["mean"] == first.scores["mean"]


@pytest.mark.parametrize("change", ["pixels", "text", "edits", "preset", "painted", "weights"])
def test_whatever_a_result_depends_on_asks_anew(change, pair, fakes, cache, monkeypatch):
    compare(pair, INSTRUCTION, ["ris-fusion"], cache=cache)
    instruction, preset = INSTRUCTION, "fast"
    if change == "pixels":
        pair = ImagePair(pair.visible, 1.0 - pair.infrared)
    elif change == "text":
        instruction = Instruction("show the cones", INSTRUCTION.edits, "rules")
    elif change == "edits":
        instruction = Instruction(INSTRUCTION.text, (Edit("cones", "highlight", 2),), "rules")
    elif change == "preset":
        preset = "paper"
    elif change == "painted":
        painted = Region("cones", np.eye(HEIGHT, WIDTH, dtype=np.float32), 1.0, (0, 0, HEIGHT, HEIGHT))
        instruction = Instruction(INSTRUCTION.text, INSTRUCTION.edits, "rules", regions=(painted,))
    else:
        monkeypatch.setattr("app.comparison.runner.weights_digest", lambda *given: "others")
    compare(pair, instruction, ["ris-fusion"], preset, cache=cache)
    assert len(fakes["ris-fusion"].calls) == 2


@pytest.mark.parametrize("name", ["terf", "text-if", "tesg", "text2pixels"])
def test_the_masker_that_auto_stands_for_is_part_of_the_weights(name, monkeypatch):
    monkeypatch.setattr(Checkpoint, "present", property(lambda entry: entry.kind == "embedded"))
    before = weights_digest(None, name)
    embedded = weights_digest(None, name, RegionOptions("embedded"))
    monkeypatch.setattr(Checkpoint, "present", property(lambda entry: True))
    assert weights_digest(None, name) not in (before, embedded), "fetched while the server runs"
    assert weights_digest(None, name, RegionOptions("embedded")) == embedded == before
    assert weights_digest(None, "ris-fusion") == weights_digest(None, "mean") == embedded


def test_one_engine_with_several_weights(pair, fakes, cache, tmp_path, monkeypatch):
    files = [tmp_path / folder / "best.safetensors" for folder in ("one", "two")]
    for level, file in enumerate(files):
        file.parent.mkdir()
        file.write_text(str(level))
    built = []

    def build(name: str, checkpoint: str | None = None, **options: object) -> Levels:
        built.append((checkpoint, options))
        return Levels(0.2 if checkpoint is None else 0.4 + 0.2 * int(Path(checkpoint).read_text()))

    monkeypatch.setattr(engines, "build", build)
    names = ["ris-fusion", *(f"ris-fusion:{file}" for file in files)]
    found = compare(pair, Instruction(), names, cache=cache, checkpoints=True)
    assert [cell.title for cell in found.cells] == [
        "RIS-FUSION",
        "RIS-FUSION (one/best.safetensors)",
        "RIS-FUSION (two/best.safetensors)",
    ]
    assert [int(cell.image[0, 0, 0]) for cell in found.cells] == [51, 102, 153] and list(found.scores) == names
    write_results(found, tmp_path)
    assert len(list(tmp_path.glob("ris-fusion*.png"))) == 3
    files[1].write_text("2")
    again = compare(pair, Instruction(), names, cache=cache, checkpoints=True)
    assert [cell.cached for cell in again.cells] == [True, True, False], "another file is another result"


def test_weights_are_named_by_those_who_sit_at_the_machine_only(pair, fakes, cache, tmp_path):
    file = tmp_path / "x.safetensors"
    file.write_text("")
    with pytest.raises(InputError, match="must be one of"):
        compare(pair, Instruction(), [f"ris-fusion:{file}"], cache=cache)
    with pytest.raises(InputError, match="takes no checkpoint"):
        compare(pair, Instruction(), [f"mean:{file}"], cache=cache, checkpoints=True)
    found = compare(pair, Instruction(), ["mean", "ris-fusion:nowhere"], cache=cache, checkpoints=True)
    assert "nowhere" in found.failures["ris-fusion:nowhere"] and len(found.served) == 1


def test_another_masker_is_another_result(pair, fakes, cache, monkeypatch):
    given = []

    def build(name: str, **options: object) -> Levels:
        given.append(options.get("regions"))
        return Levels(0.2)

    monkeypatch.setattr(engines, "build", build)
    for regions in (None, RegionOptions("embedded"), RegionOptions("embedded")):
        compare(pair, Instruction(), ["tesg"], cache=cache, regions=regions)
    assert given == [None, RegionOptions("embedded")]


def test_the_cache_is_bounded_in_bytes(pair, fakes):
    small = BoundedCache(HEIGHT * WIDTH * 3 // 2)
    for _ in range(2):
        compare(pair, INSTRUCTION, ["ris-fusion"], cache=small)
    assert len(fakes["ris-fusion"].calls) == 2


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        (None, "The weights of terf are missing."),
        (Broken(), "defect"),
        (Levels(float("nan")), "NaN"),
        (Levels(0.5, shape=(24, 32)), "64 × 48"),
    ],
)
def test_an_engine_that_fails_takes_no_other_down(engine, said, pair, fakes, cache):
    if engine is not None:
        fakes["terf"] = engine
    found = compare(pair, INSTRUCTION, ["terf", *NAMES], cache=cache)
    assert list(found.failures) == ["terf"] and said in found.failures["terf"]
    assert [cell.engine for cell in found.served] == NAMES == list(found.scores)
    # A failure is not kept: the engine is asked again once its weights are here.
    fakes["terf"] = Levels(0.5)
    assert not compare(pair, INSTRUCTION, ["terf"], cache=cache).failures


@pytest.mark.parametrize(("stop_at", "finished"), [("step 1", 0), ("2 of 3", 1), ("Measuring", 3)])
def test_stop_is_heard_inside_and_between_engines(stop_at, finished, pair, fakes, cache):
    done = []

    def progress(fraction: float, message: str) -> None:
        if stop_at in message:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        compare(pair, INSTRUCTION, NAMES, progress=progress, finished=done.append, cache=cache)
    assert len(done) == finished


def test_every_result_is_scored_with_one_mask(pair, fakes, cache):
    found = compare(pair, INSTRUCTION, NAMES, cache=cache)
    assert found.region.mask.sum() == 20 * 16 and "“cones”" in found.region.source
    for scores in found.scores.values():
        assert list(scores) == ["whole", "inside", "outside", "ring"]
        assert all(list(values) == list(COMMON_NINE) for values in scores.values())
    # The mean's pixels inside are the mean of the sources' there, whatever mask an engine reports.
    inside = found.pictures["mean"][found.region.mask]
    assert inside.shape[0] == 320


@pytest.mark.parametrize(
    ("instruction", "said"),
    [
        (Instruction(), "names no region"),
        (Instruction("brighten the picture", (Edit(None, "brighten"),)), "names no region"),
        (Instruction("unicorns", (Edit("unicorns", "highlight"),)), "“unicorns”"),
    ],
)
def test_without_a_region_the_whole_picture_is_scored(instruction, said, pair, fakes, cache):
    found = compare(pair, instruction, ["mean"], cache=cache)
    assert found.region.mask is None and said in found.region.source
    assert list(found.scores["mean"]) == ["whole"]


def test_a_failing_masker_leaves_the_results(pair, fakes, cache):
    fakes["ris-fusion"] = Broken()
    found = compare(pair, INSTRUCTION, ["mean", "max"], cache=cache)
    assert len(found.served) == 2 and found.region.mask is None and "no metrics by region" in found.region.source
    fakes["ris-fusion"] = Levels(0.2)
    assert compare(pair, INSTRUCTION, ["mean"], cache=cache).region.mask is not None


def test_painted_regions_are_scored_as_painted(pair, fakes, cache):
    painted = np.zeros((HEIGHT, WIDTH), np.float32)
    painted[:5] = 1.0
    known = Region("cones", painted, 1.0, (0, 0, WIDTH, 5))
    found = compare(pair, Instruction("cones", INSTRUCTION.edits, regions=(known,)), ["mean"], cache=cache)
    assert (found.region.mask == (painted > 0)).all() and "as painted" in found.region.source


@pytest.mark.parametrize("names", [[], ["magic"], ["mean", "auto"]])
def test_engines_must_be_named(names, pair):
    with pytest.raises(InputError, match="engine"):
        compare(pair, INSTRUCTION, names)
