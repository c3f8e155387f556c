"""`python -m evaluation report`: what it writes comes from the raw JSON, and it notices what does not agree."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.checkpoints import CHECKPOINT_DIR, find
from evaluation.cli import main
from evaluation.fusion_benchmark import WHOLE, report
from evaluation.metrics import METRICS
from evaluation.metrics_regions import REGIONS
from evaluation.report.blocks import filled
from evaluation.report.page import compose, outdated, write
from evaluation.report.published import published

_ROOT = Path(__file__).parents[2]
_README = "# Numbers\n\n<!-- results:fusion-msrs_ris -->\nold\n<!-- /results:fusion-msrs_ris -->\n\nThe end.\n"


def _put(root: Path, file: str, content: dict) -> Path:
    path = root / "docs" / "results" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _fusion(engine: str, level: float, weights: dict | None = None, regions: bool = False) -> dict:
    """A fusion report of 20 pictures whose metrics lie around `level`."""
    random = np.random.default_rng(0)
    parts = (WHOLE, *REGIONS) if regions else (WHOLE,)
    scores = {
        f"p{index:02}": {part: {metric: level + 0.1 * random.random() for metric in METRICS} for part in parts}
        for index in range(20)
    }
    settings = {"profile": "default", "engine": engine, "weights": weights, "data": "msrs_ris val"}
    return {**report(scores), "settings": settings}


def _ris(iou: float) -> dict:
    summary = {"n": 4, "mIoU": iou, "oIoU": iou + 1, **{f"P@{t}": iou - 2 for t in (0.5, 0.6, 0.7, 0.8, 0.9)}}
    return {
        **summary,
        "interval": {"mIoU": [iou - 1, iou + 1]},
        "per_kind": {"class": {**summary, "mIoU": iou + 5}},
        "per_reference": {f"p{index}#0.0": {"IoU": iou + index} for index in range(4)},
        "settings": {"engine": "ris-fusion", "weights": None},
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with the results of two classical engines and a README with a block for them."""
    for engine, level in (("mean", 0.4), ("max", 0.5)):
        _put(tmp_path, f"fusion/msrs_ris-val/{engine}.json", _fusion(engine, level))
    (tmp_path / "README.md").write_text(_README, encoding="utf-8")
    return tmp_path


def test_the_page_and_the_readme_show_the_numbers_of_the_json(root: Path) -> None:
    assert main(["report", "--root", str(root)]) == 0
    page = (root / "docs" / "RESULTS.md").read_text(encoding="utf-8")
    raw = json.loads((root / "docs/results/fusion/msrs_ris-val/max.json").read_text(encoding="utf-8"))
    low, high = raw["interval"]["VIF"]
    row = next(line for line in page.splitlines() if line.startswith("| Maximum | "))
    assert f"**{raw['mean']['VIF']:.3f} ± {(high - low) / 2:.3f}**" in row
    # Fewer artefacts are better: there the mean is the better of the two.
    assert row.endswith(f"| {raw['mean']['Nabf']:.4f} ± {(np.diff(raw['interval']['Nabf'])[0]) / 2:.4f} |")
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert row in readme and "old" not in readme and readme.endswith("The end.\n")
    with Image.open(root / "docs" / "figures" / "fusion-msrs_ris.png") as picture:
        assert picture.width > 600
    assert "figures/fusion-msrs_ris.png" in page


def test_published_numbers_stand_beside_ours_with_their_source(root: Path) -> None:
    page = compose(root).text
    assert "| TeSG | TeSG, Tab. 1 | 6.712 | 43.47 |" in page and "| Maximum (here) | msrs_ris val |" in page
    assert "| RIS-FUSION, with text | RIS-FUSION, Tab. 1 | 53.00 | 58.81 |" in page
    for table in ("referring", "ablation", "units"):
        assert all(row.source and row.values for row in published(table))
    known = set(METRICS) | {"P@0.5"}
    for data in ("MSRS", "RoadScene"):
        assert all(set(row.values) <= known for row in published("fusion", data))


def test_the_summary_and_the_metrics_are_shown(root: Path) -> None:
    page = compose(root)
    assert page.blocks["summary"].splitlines()[-1].startswith("| fusion, Maximum | msrs_ris val, 20 pairs | SCD 0.5")
    for metric in METRICS.values():
        assert f"| {metric.name} {metric.arrow} | {metric.title} |" in page.text
    assert "| tang | Evaluation-for-Image-Fusion, Tang et al., after March 2023 | MI | bits; level 255" in page.text


def test_units(root: Path) -> None:
    metrics = ("AG", "SSIM", "SF", "Qabf", "EN", "SD")
    tasks = {f"{task}/{metric}": level for task, level in (("baseline", 1.0), ("III", 1.5)) for metric in metrics}
    settings = {"data": "roadscene_ris val", "region": "the whole picture"}
    per_image = {f"p{index}": {"tasks": tasks} for index in range(3)}
    _put(root, "units/tasks.json", {"n": 3, "settings": settings, "mean": {"tasks": tasks}, "per_image": per_image})
    effect = {f"{name}_{n}": 0.5 + 0.1 * n for name in ("brightness", "gradient", "Qabf") for n in range(4)}
    effect["outside_change"] = 0.0
    noise = {"noisy_psnr": 20.2, "psnr": 25.7, "removed": 5.5, "gradient_kept": 0.91}
    edges = {"noisy_Qabf": 0.4, "Qabf": 0.6}
    means = {"effects/brighten": effect, "effects/denoise": effect, "noise/25": noise, "noise/25/paper": noise | edges}
    noisy = {**settings, "denoised_noise": 25}
    _put(root, "units/effects.json", {"n": 4, "settings": noisy, "mean": means, "per_image": {}})
    preset = {"psnr": 40.0, "lowest_psnr": 38.0, "untuned_psnr": 22.0, "ratio": 0.05}
    seconds = {"fast_processor_seconds": 1.5, "paper_processor_seconds": 30.0}
    means = {"presets/brighten": {**preset, **seconds}}
    _put(root, "units/presets.json", {"n": 2, "settings": settings, "mean": means, "per_image": {}})
    large = {**settings, "size": "640x480"}
    _put(root, "units/presets-640x480.json", {"n": 1, "settings": large, "mean": means, "per_image": {}})
    means = {"presets/darken": {**preset, **seconds}}
    of_one = "units/presets-640x480-illumination.json"
    _put(root, of_one, {"n": 1, "settings": large | noisy, "mean": means, "per_image": {}})
    page = compose(root)
    assert "| illumination raised | 1.50 ± 0.00 | 1.500 ± 0.000 |" in page.blocks["units"]
    assert "| illumination raised | TeRF, Tab. 2 | 5.05 | 0.651 |" in page.text
    assert "| brighten | mean luma | 0.5000 | 0.6000 | 0.7000 | 0.8000 |" in page.blocks["units-effects"]
    assert "| brighten | Qabf | 0.5000 | 0.6000 | 0.7000 | 0.8000 |" in page.blocks["units-effects"]
    assert "| denoise, noise of 25 levels | gradient | 0.5000 |" in page.blocks["units-effects"]
    assert page.blocks["units-noise"].splitlines()[2:] == [
        "| fast | 25 | 20.20 | 25.70 | 5.50 | 91 % | – | – |",
        "| paper | 25 | 20.20 | 25.70 | 5.50 | 91 % | 0.400 | 0.600 |",
    ]
    shared = "40.0 | 38.0 | 22.0 | 1.5 | 30.0 | 0.050 |"
    assert f"| brighten | their own | 2 | {shared}" in page.blocks["units-presets"]
    assert f"| brighten | 640×480 | 1 | {shared}" in page.blocks["units-presets"]
    assert page.blocks["units-presets"].endswith(f"| darken | 640×480 | 1 | {shared}")


def _measured(version: str, width: int, seconds: float, second: float | None = None) -> dict:
    return {
        "version": version,
        "engine": "terf",
        "case": "fuse",
        "size": [width, width // 2],
        "threads": 2,
        "cold": {"load": 1.0, "total": 4.25} if width == 320 else None,
        "warm": {"seconds": seconds, "cpu_seconds": seconds, "stages": {"fuse": seconds}, "repetitions": 3},
        "second": None if second is None else {"seconds": second},
        "peak_mib": 512.4,
        "ratio": 10.0 * seconds,
    }


def test_ablations_are_rows_with_what_is_to_be_said_of_them(root: Path) -> None:
    assert "Not measured here" in compose(root).text
    scores = {name: 40.0 for name in ("mIoU", "oIoU", "P@0.5", "P@0.6", "P@0.7", "P@0.8", "P@0.9")}
    _put(root, "ablations/no joint optimisation.json", {"n": 222, **scores, "interval": {"mIoU": [36.0, 44.0]}})
    _put(root, "ablations.json", {"how": "Five minutes each."})
    page = compose(root)
    assert "| no joint optimisation | 222 | 40.0 ± 4.0 |" in page.blocks["ablations"]
    assert "Five minutes each." in page.text and "Not measured here" not in page.text


def test_speed_now_and_before(root: Path) -> None:
    measurements = [
        _measured("before", 320, 0.4, 0.4),
        _measured("now", 320, 0.2, 0.1),
        _measured("before", 640, 1.5),
        _measured("now", 640, 0.75),
    ]
    report = {
        "machine": {"processor": "two cores"},
        "reference": {"what": "a stack of convolutions", "threads": {"2": {"seconds": 0.02, "cpu_seconds": 0.04}}},
        "measurements": measurements,
        "scaling": [{"version": "now", "engine": "terf", "case": "fuse", "threads": 2, "exponent": 0.95, "stages": {}}],
    }
    now = [record for record in measurements if record["version"] == "now"]
    _put(root, "speed/speed.json", report | {"measurements": now})
    _put(root, "speed/before_after.json", report)
    page = compose(root)
    assert "processor two cores" in page.text and "a stack of convolutions (20.0 ms with 2 threads)" in page.text
    rows = page.blocks["speed"].splitlines()[2:]
    assert rows == [
        "| terf | fuse | 320×160 | 2 | 4.2 | 0.200 | 0.100 | 2.0 | 512 |",
        "| terf | fuse | 640×320 | 2 | – | 0.750 | – | 7.5 | 512 |",
    ]
    assert page.blocks["speed-stages"].splitlines()[-1] == "| terf | fuse | 640×320 | 0.750 |"
    assert "| 320×160 | 2 | 0.400 | 0.200 | 2.00 | 0.400 | 0.100 | 4.00 |" in page.blocks["speed-before"]
    assert "terf fuse, 2 threads: 0.95." in page.text
    assert page.figures[-1].values == {"terf fuse": [[0.0512, 0.2], [0.2048, 0.75]]}


def test_times_are_held_against_their_goals(root: Path) -> None:
    def record(case: str, tuning: float, seconds: float, threads: int = 2, width: int = 640) -> dict:
        made = _measured("now", width, seconds) | {"case": case, "threads": threads, "size": [width, width * 3 // 4]}
        made["warm"]["stages"] = {"fuse": seconds - tuning, "tune": tuning}
        return made

    measurements = [
        record("denoising", 1.5, 2.25),
        record("inclination", 5.125, 6.0),
        record("illumination", 1.0, 2.0, threads=1),
        record("illumination", 1.0, 2.0, width=320),
    ]
    reference = {"what": "w", "threads": {}}
    report = {"machine": {}, "reference": reference, "measurements": measurements, "scaling": []}
    _put(root, "speed/speed.json", report)
    assert compose(root).blocks["speed-goals"].splitlines()[2:] == [
        "| denoising | ≤ 2 | 1.50 (met) | 2.25 (missed) | 6.2 |",
        "| inclination | ≤ 5 | 5.12 (missed) | 6.00 (missed) | 26.9 |",
    ]


def test_the_same_pictures_under_every_profile(root: Path) -> None:
    tang = _fusion("max", 0.3)
    tang["settings"]["profile"] = "tang"
    _put(root, "profiles/max-tang.json", tang)
    lines = compose(root).text.splitlines()
    shown = {line.split(" | ")[0]: line for line in lines if line.startswith(("| default |", "| tang | 0"))}
    assert shown["| tang"].count("0.3") == len(METRICS) and shown["| default"].count("0.5") == len(METRICS)


def test_missing_results_are_told_with_the_command_that_makes_them(root: Path) -> None:
    page = compose(root).text
    command = "python -m evaluation fusion --data DATA/msrs_ris --split val --engine laplacian"
    assert f"{command} --output docs/results/fusion/msrs_ris-val/laplacian.json" in page
    assert "--engine mean" not in page.split("## Not measured yet")[1].split("roadscene_ris")[0]


def test_results_of_replaced_weights_are_told(root: Path) -> None:
    weights = {"file": "terf.safetensors", "sha256": find("terf").sha256}
    _put(root, "fusion/msrs_ris-val/terf.json", _fusion("terf", 0.6, weights))
    assert "weights that have been replaced" not in compose(root).text
    _put(root, "fusion/msrs_ris-val/terf.json", _fusion("terf", 0.6, {**weights, "sha256": "0" * 64}))
    page = compose(root)
    stale = page.text.split("weights that have been replaced")[1]
    assert "--engine terf --output docs/results/fusion/msrs_ris-val/terf.json" in stale
    assert "fusion/msrs_ris-val/terf.json" in [run.file for run in page.due]


def test_results_that_do_not_say_their_weights_are_outdated(root: Path) -> None:
    settings = {"data": "roadscene_ris val", "region": "r"}
    report = {"n": 1, "settings": settings, "mean": {}, "per_image": {}}
    record = {"file": "terf_embedded.safetensors", "sha256": find("terf").sha256}

    def due() -> list[str]:
        return [run.file for run in compose(root).due]

    _put(root, "units/effects.json", report)
    assert "units/effects.json" in due()
    said = compose(root).text.split("do not say which. To measure again:")[1]
    assert "--parts effects noise --limit 2 --output docs/results/units/effects.json" in said
    _put(root, "units/effects.json", report | {"settings": {**settings, "weights": record}})
    assert "units/effects.json" not in due()
    speed = {
        "machine": {},
        "reference": {"what": "w", "threads": {}},
        "measurements": [_measured("now", 320, 0.2)],
        "scaling": [],
    }
    for weights, is_due in (
        ({"terf": record, "max": None}, False),
        ({"terf": {**record, "sha256": "0" * 64}, "max": None}, True),
    ):
        _put(root, "speed/speed.json", speed | {"settings": {"weights": weights}})
        assert ("speed/speed.json" in due()) is is_due


def test_results_of_a_replaced_detector_are_outdated(root: Path) -> None:
    detector = {"file": "text2pixels_embedded.safetensors", "sha256": find("text2pixels").sha256}
    file = "detection/msrs_ris-val/max.json"
    report = {"n": 4, "mean": {"mAP@0.5": 50.0}, "interval": {}, "objects": {"person": 9}}
    for digest, is_due in ((detector["sha256"], False), ("0" * 64, True)):
        settings = {"picture": "max", "weights": None, "detector": {**detector, "sha256": digest}}
        _put(root, file, report | {"settings": settings})
        assert (file in [run.file for run in compose(root).due]) is is_due
    assert "Not all rows" not in compose(root).blocks["detection"]
    _put(root, "detection/msrs_ris-val/visible.json", report | {"settings": {"detector": detector}})
    assert "Not all rows are of one file of the detector's weights" in compose(root).blocks["detection"]


def test_a_learned_engine_is_compared_with_the_floor_picture_by_picture(root: Path) -> None:
    _put(root, "fusion/msrs_ris-val/terf.json", _fusion("terf", 0.6))
    page = compose(root)
    line = next(line for line in page.text.splitlines() if line.startswith("- **TeRF against maximum**"))
    assert "better in EN (+0.100)" in line and "worse in Nabf (+0.1000)" in line and line.endswith("undecided: none.")
    assert page.blocks["registry-msrs_ris-terf"].splitlines()[0].startswith("EN = 0.6")


def test_learned_engines_are_compared_with_text_if_too(root: Path) -> None:
    for engine, level in (("tesg", 0.6), ("text-if", 0.7)):
        _put(root, f"fusion/msrs_ris-val/{engine}.json", _fusion(engine, level))
    lines = [line for line in compose(root).text.splitlines() if " against Text-IF**" in line]
    (line,) = lines
    assert line.startswith("- **TeSG against Text-IF**, paired over 20 pairs: better in Nabf (−0.1000); worse in EN")
    # 6.712 − 6.665 and so on, of the paper's table.
    assert "EN +0.047, SD +0.28, SCD +0.030, VIF +0.031, Qabf +0.017." in compose(root).text


def test_referring_results_with_and_without_text(root: Path) -> None:
    _put(root, "ris/msrs_ris-val/ris-fusion.json", _ris(40.0))
    _put(root, "ris/msrs_ris-val/ris-fusion-without-text.json", _ris(37.5))
    mean = _ris(30.0)
    _put(root, "ris/msrs_ris-val/mean.json", mean | {"settings": {"engine": "mean", "weights": None}})
    page = compose(root)
    assert "| Mean | 30.0 ± 1.0 |" in page.text
    assert "| RIS-FUSION, with text | **40.0 ± 1.0** | **41.0** |" in page.text
    assert "| class | 4 | 45.0 ± 1.0 |" not in page.text and "| class | 4 | 45.0" in page.text
    assert "by +2.50 points on average (95 % interval +2.50 to +2.50)" in page.text
    assert page.blocks["registry-referring-msrs_ris"] == '"mIoU" = 40.0\n"mIoU class" = 45.0\n"P@0.5" = 38.0'
    assert "referring-msrs_ris" in [figure.name for figure in page.figures]


def test_every_engine_s_pictures_are_segmented_with_and_without_text(root: Path) -> None:
    def put(name: str, engine: str, iou: float, without_text: bool) -> None:
        settings = {"engine": engine, "weights": None, "without_text": without_text}
        _put(root, f"ris-engines/msrs_ris-val/{name}.json", _ris(iou) | {"settings": settings})

    put("visible", "visible", 30.0, False)
    put("tesg", "tesg", 42.0, False)
    put("tesg-without-text", "tesg", 40.0, True)
    page = compose(root)
    assert [row.split(" | ")[:2] for row in page.blocks["referring-engines"].splitlines()[2:]] == [
        ["| visible", "30.0 ± 1.0"],
        ["| TeSG, without text", "40.0 ± 1.0"],
        ["| TeSG, with text", "**42.0 ± 1.0**"],
    ]
    assert "change a sentence's IoU:\n\n- **TeSG** by +2.00 points on average" in page.text
    due = {run.file: run.arguments for run in page.due if run.file.startswith("ris-engines/")}
    assert len(due) == 14, "two sources, five rules, five engines with and without text, less the three there"
    common = "ris --data DATA/msrs_ris --split val --limit 222 --engine"
    assert due["ris-engines/msrs_ris-val/guided.json"] == f"{common} guided"
    assert due["ris-engines/msrs_ris-val/terf.json"] == f"{common} terf"
    assert due["ris-engines/msrs_ris-val/terf-without-text.json"] == f"{common} terf --without-text"


def test_parser_and_regions(root: Path) -> None:
    scores = {"n": 43, "exact": 0.93, "edit_f1": 0.95, "seconds_per_text": 0.0004}
    _put(root, "parser/rules.json", scores)
    kinds = {"pronoun": {"n": 9, "exact": 0.5}, "one edit": {"n": 34, "exact": 1.0}}
    _put(root, "parser/fresh-llama.json", scores | {"exact": 0.9, "per_category": kinds})
    _put(root, "regions/ris-fusion.json", _fusion("ris-fusion", 0.5, regions=True))
    _put(root, "regions/ris-fusion-highlight.json", _fusion("ris-fusion", 0.7, regions=True))
    page = compose(root)
    assert "| the contract's examples | 43 | rules | 93.0 | 0.950 | 0.4 |" in page.text
    assert "| pronoun | 50.0 |" in page.blocks["parser-kinds"]
    assert page.blocks["registry-parser-llama"] == '"exact, fresh" = 90.0'
    (root / "docs/results/parser/fresh-llama.json").unlink()
    assert compose(root).blocks["registry-parser-llama"] == ""
    assert "| inside | **+0.200** |" in page.text


def _restored(matching: float) -> dict:
    def scores(psnr: float) -> dict:
        return {"clean fusion": {"PSNR": psnr, "SSIM": 0.9}}

    gain = {"clean fusion": {"PSNR": matching - 20.0, "interval": [1.0, 3.0], "share": 0.75}}
    return {
        "n": 4,
        "mean": {"stripes": {"matching": scores(matching), "default": scores(20.0), "wrong": scores(20.0)}},
        "gain": {"stripes": {"over default": gain, "over wrong": gain}},
    }


def test_restoration_and_detection(root: Path) -> None:
    _put(root, "restoration/msrs_ris-val.json", _restored(22.0))
    for name, found in (("visible", 40.0), ("max", 50.0)):
        mean = {"mAP@0.5": found, "AP@0.5 bicycle": None}
        interval = {"mAP@0.5": [found - 2, found + 2]}
        _put(
            root,
            f"detection/msrs_ris-val/{name}.json",
            {"n": 4, "mean": mean, "interval": interval, "objects": {"person": 9, "bicycle": 0}},
        )
    page = compose(root)
    gain = "+2.00 (+1.00 to +3.00), 75 %"
    assert f"| stripes | 22.00 / 0.900 | 20.00 / 0.900 | 20.00 / 0.900 | {gain} | {gain} |" in page.text
    assert "| visible alone | 40.0 ± 2.0 | – |" in page.text and "| Maximum | **50.0 ± 2.0** | – |" in page.text
    assert "boxes: 9 of person, 0 of bicycle" in page.text


def test_the_codebook_s_use_is_shown(root: Path) -> None:
    page = compose(root)
    assert "codebook --data DATA/msrs_ris --split val --output docs/results/codebook/msrs_ris-val.json" in page.text
    assert "Not measured" in page.blocks["codebook"]
    usage = {"all": {"perplexity": 119.25, "used": 240}, "mean": {"perplexity": 61.5, "used": 131.6}}
    _put(root, "codebook/msrs_ris-val.json", {"n": 60, "codes": 256, **usage})
    assert compose(root).blocks["codebook"].endswith("| msrs_ris val | 60 | 240 of 256 | 132 of 256 | 119.2 | 61.5 |")


def test_what_words_and_a_given_mask_change(root: Path) -> None:
    where = {"inside": 12.0, "rim": 1.0, "outside": 0.0, "contrast before": 0.25, "contrast after": 0.5}
    sources = {f"{source} {when}": 30.0 for source in ("infrared", "visible") for when in ("before", "after")}
    mean = where | sources | {"visible after": 10.0}
    report = {"n": 3, "settings": {}, "raised": 75.0, "mean": mean, "per_kind": {"class": {"n": 2, **mean}}}
    _put(root, "guidance/tesg.json", report)
    shown = "12.0 | 1.0 | 0.0 | 0.250 | 0.500 | {} | 30.0 | 30.0 | 30.0 | 10.0 |"
    block = compose(root).blocks["guidance-tesg"]
    assert f"| TeSG | 3 | {shown.format('75 %')}" in block and f"| class | 2 | {shown.format('–')}" in block


def test_trainings_are_listed_as_noted(root: Path) -> None:
    run = {
        "checkpoint": "terf-embedded",
        "command": "terf --minutes 3",
        "steps": 1200,
        "minutes": 3,
        "machine": "a",
        "validation": "b",
    }
    _put(root, "trainings.json", {"runs": [run]})
    page = compose(root)
    row = "| `python -m training terf --minutes 3` | 1 200 | 3 | a | b |"
    megabytes = (CHECKPOINT_DIR / "terf_embedded.safetensors").stat().st_size / 1e6
    assert f"| terf-embedded {row} {megabytes:.1f} |" in page.text
    assert page.blocks["trainings-terf-embedded"].endswith(row)
    assert "Not measured" in page.blocks["trainings-tesg-embedded"]


def test_plots_of_results_that_are_gone_go_and_other_pictures_stay(root: Path) -> None:
    write(root)
    figures = root / "docs" / "figures"
    plots = set(figures.glob("*.png"))
    assert plots
    Image.new("RGB", (4, 4)).save(figures / "page-desktop.png")
    shutil.rmtree(root / "docs" / "results")
    write(root)
    assert set(figures.glob("*.png")) == {figures / "page-desktop.png"}


def test_writing_twice_changes_nothing_and_changes_are_noticed(
    root: Path, error_line: Callable[[list[str]], str]
) -> None:
    check = ["report", "--check", "--root", str(root)]
    assert "docs/RESULTS.md, README.md" in error_line(check) or "README.md" in error_line(check)
    assert len(write(root)) == 3
    assert write(root) == [] and main(check) == 0
    _put(root, "fusion/msrs_ris-val/max.json", _fusion("max", 0.55))
    names = {path.name for path in outdated(root)}
    assert names == {"RESULTS.md", "README.md", "fusion-msrs_ris.png"}
    assert "run `python -m evaluation report`" in error_line(check)
    write(root)
    readme = root / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace("Maximum", "Minimum"), encoding="utf-8")
    assert outdated(root) == [readme]


def test_a_plot_of_results_that_are_gone_goes_too(root: Path) -> None:
    write(root)
    for path in (root / "docs" / "results" / "fusion" / "msrs_ris-val").iterdir():
        path.unlink()
    (root / "README.md").write_text("Nothing.", encoding="utf-8")
    write(root)
    assert list((root / "docs" / "figures").iterdir()) == []


def test_blocks_of_markdown_and_toml_are_filled() -> None:
    blocks = {"a": "one\ntwo", "b": "x = 1"}
    text = "<!-- results:a -->\n<!-- /results:a -->\n# results:b\ny = 2\n# /results:b\nrest"
    expected = "<!-- results:a -->\none\ntwo\n<!-- /results:a -->\n# results:b\nx = 1\n# /results:b\nrest"
    assert filled(text, blocks, "f") == expected
    assert filled(expected, blocks, "f") == expected


def test_a_block_of_what_is_not_measured_says_so(root: Path) -> None:
    card = root / "checkpoints" / "terf.md"
    card.parent.mkdir()
    card.write_text("<!-- results:units -->\n<!-- /results:units -->", encoding="utf-8")
    registry = root / "checkpoints" / "registry.toml"
    registry.write_text("# results:registry-msrs_ris-terf\nEN = 1\n# /results:registry-msrs_ris-terf", encoding="utf-8")
    write(root)
    assert "Not measured yet: see docs/RESULTS.md." in card.read_text(encoding="utf-8")
    assert tomllib.loads(registry.read_text(encoding="utf-8")) == {}
    _put(root, "fusion/msrs_ris-val/terf.json", _fusion("terf", 0.6))
    write(root)
    assert 0.6 < tomllib.loads(registry.read_text(encoding="utf-8"))["EN"] < 0.7


def test_what_cannot_be_used_is_told_in_one_line(root: Path, error_line: Callable[[list[str]], str]) -> None:
    run = ["report", "--root", str(root)]
    (root / "README.md").write_text(_README.replace("fusion-msrs_ris", "nonsense"), encoding="utf-8")
    assert "README.md has 'nonsense'" in error_line(run)
    (root / "docs/results/fusion/msrs_ris-val/max.json").write_text("{", encoding="utf-8")
    assert "max.json must be a report" in error_line(run)
    assert "--only must be given with --measure" in error_line([*run, "--only", "fusion"])


def test_what_is_due_is_measured(
    root: Path, folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "sets" / "msrs_ris"
    data.mkdir(parents=True)
    for kind in ("visible", "infrared"):
        (folders / kind).rename(data / kind)
    mask = {"size": [48, 64], "counts": [48 * 64]}
    row = {"image": "one", "split": "val", "sentences": ["it"], "mask": mask}
    (data / "refs.jsonl").write_text(json.dumps(row), encoding="utf-8")
    only = ["--only", "fusion/msrs_ris-val/laplacian", "--only", "fusion/msrs_ris-val/mean"]
    assert main(["report", "--root", str(root), "--measure", str(data.parent), *only]) == 0
    made = json.loads((root / "docs/results/fusion/msrs_ris-val/laplacian.json").read_text(encoding="utf-8"))
    assert made["n"] == 1 and made["settings"]["engine"] == "laplacian"
    # Of the mean there is a result already.
    told = capsys.readouterr()
    assert "--engine laplacian" in told.err and "--engine mean" not in told.err
    assert "| Laplacian pyramid | " in (root / "docs" / "RESULTS.md").read_text(encoding="utf-8")


def test_the_results_page_of_this_repository_is_up_to_date() -> None:
    stale = [path.relative_to(_ROOT).as_posix() for path in outdated(_ROOT)]
    assert stale == [], "run `python -m evaluation report`"
