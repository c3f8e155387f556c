"""The rendered examples agree with their index, and the parts of the renderer that need no Blender do what they say."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from engines.errors import InputError
from training.scenes.camera import blur, develop, sense
from training.scenes.climate import climate
from training.scenes.curated import PLANS
from training.scenes.random_plan import random_plan

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "app" / "examples"
ENTRIES = json.loads((FOLDER / "examples.json").read_text(encoding="utf-8"))
LIGHTS = {plan.name: plan.light for plan in PLANS}
CLASS_OF_NOUN = {
    "person": "person", "people": "person", "car": "car", "cars": "car", "cone": "cone", "cones": "cone",
    "tree": "tree", "trees": "tree", "bush": "bush", "road": "road", "sidewalk": "sidewalk", "grass": "grass",
    "building": "building", "buildings": "building", "sky": "sky", "lamp": "lamp", "lamps": "lamp", "bench": "bench",
    "bollard": "bollard", "bollards": "bollard", "bin": "bin", "sign": "sign", "barrier": "barrier", "crossing": "road",
}  # fmt: skip

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=[entry["name"] for entry in ENTRIES])


def read(entry: dict, kind: str) -> np.ndarray:
    with Image.open(FOLDER / entry[kind]) as picture:
        return np.asarray(picture)


def instances(entry: dict, kind: str) -> list[np.ndarray]:
    masks = read(entry, "masks")
    return [masks == instance["id"] for instance in entry["instances"] if instance["class"] == kind]


def contrast(entry: dict, inside: np.ndarray) -> float:
    """Infrared grey levels of an instance above those around it, other warm things left out."""
    infrared = read(entry, "infrared").astype(float)
    wide = np.asarray(Image.fromarray(inside).convert("L").filter(ImageFilter.MaxFilter(13))) > 0
    around = wide & ~np.any([inside, *instances(entry, "person"), *instances(entry, "car")], axis=0)
    return infrared[inside].mean() - infrared[around].mean()


def test_the_set_is_complete_and_small():
    lights = [LIGHTS[entry["name"]] for entry in ENTRIES]
    assert len(ENTRIES) >= 8
    assert lights.count("day") >= 3
    assert lights.count("dusk") >= 2
    assert lights.count("night") >= 3
    assert sum(bool(instances(entry, "cone")) for entry in ENTRIES) >= 6
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 6_000_000


@each_entry
def test_files_are_aligned_pictures(entry):
    assert read(entry, "visible").shape == (480, 640, 3)
    assert read(entry, "infrared").shape == (480, 640)
    assert read(entry, "masks").shape == (480, 640)
    assert read(entry, "masks").dtype == np.uint8


@each_entry
def test_masks_hold_exactly_the_listed_instances(entry):
    ids = [instance["id"] for instance in entry["instances"]]
    assert len(ids) == len(set(ids))
    assert set(np.unique(read(entry, "masks"))) - {0} == set(ids)


@each_entry
def test_every_picture_shows_people_cars_and_trees(entry):
    assert {"person", "car", "tree"} <= {instance["class"] for instance in entry["instances"]}


@each_entry
def test_sentences_name_what_is_there(entry):
    present = {instance["class"] for instance in entry["instances"]}
    assert 2 <= len(entry["sentences"]) <= 4
    for sentence in entry["sentences"]:
        named = {CLASS_OF_NOUN[word] for word in re.findall(r"[a-z]+", sentence) if word in CLASS_OF_NOUN}
        assert named, f"no known noun in {sentence!r}"
        assert named <= present, f"{sentence!r} names what {entry['name']} does not show"


@each_entry
def test_people_are_warmer_than_what_is_around_them(entry):
    large = [inside for inside in instances(entry, "person") if inside.sum() >= 200]
    assert large
    assert all(contrast(entry, inside) > 15 for inside in large)


@each_entry
def test_cones_almost_vanish_in_infrared(entry):
    for inside in instances(entry, "cone"):
        if inside.sum() >= 100:
            assert abs(contrast(entry, inside)) < 30


@each_entry
def test_the_sky_is_the_coldest(entry):
    infrared = read(entry, "infrared")
    for sky in instances(entry, "sky"):
        assert infrared[sky].mean() < infrared[~sky].mean() - 20


def test_night_is_darker_than_day():
    mean = {"day": [], "dusk": [], "night": []}
    for entry in ENTRIES:
        mean[LIGHTS[entry["name"]]].append(read(entry, "visible").mean())
    assert max(mean["night"]) < 0.6 * min(mean["day"])


def test_blur_spreads_a_point_and_keeps_its_sum():
    point = np.zeros((41, 41))
    point[20, 20] = 1.0
    spread = blur(point, 2.0)
    assert spread.sum() == pytest.approx(1.0)
    offsets = np.arange(41) - 20
    assert (spread.sum(axis=0) * offsets**2).sum() == pytest.approx(4.0, rel=0.02)


def test_the_thermal_camera_shows_hotter_as_brighter():
    scene = np.repeat(np.linspace(0.35, 0.75, 64)[None], 48, axis=0)
    grey = sense(scene, np.random.default_rng(0)).astype(float).mean(axis=0)
    assert np.corrcoef(grey, np.arange(64))[0, 1] > 0.9
    assert grey[-8:].mean() - grey[:8].mean() > 150


def test_the_visible_camera_maps_black_and_glare():
    scene = np.zeros((48, 64, 3))
    scene[20:28, 28:36] = 60.0
    picture = develop(scene, 1.0, 0.0, np.random.default_rng(0))
    assert picture[24, 32].min() == 255
    assert picture[24, 38].max() > picture[2, 2].max()


def test_random_plans_are_reproducible_and_varied():
    assert random_plan(7) == random_plan(7)
    assert random_plan(7) != random_plan(8)
    assert {random_plan(seed).light for seed in range(40)} == {"day", "dusk", "night"}


def test_an_unknown_light_is_refused():
    with pytest.raises(InputError, match="noon"):
        climate("noon")


@pytest.mark.parametrize("arguments", [["--size", "640"], ["--count", "0"], ["--curated", "--only", "nowhere"]])
def test_bad_arguments_exit_with_one_line(tmp_path, arguments):
    command = [sys.executable, "-m", "training.scenes", "--output", str(tmp_path), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="bpy is not installed: Python 3.11, bpy==5.0.1")
def test_renders_a_tiny_scene(tmp_path):
    command = [sys.executable, "-m", "training.scenes", "--output", str(tmp_path), "--curated"]
    command += ["--only", "day_roadworks", "--size", "160x120", "--samples", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads((tmp_path / "examples.json").read_text(encoding="utf-8"))
    with Image.open(tmp_path / entry["visible"]) as visible, Image.open(tmp_path / entry["masks"]) as masks:
        assert visible.size == masks.size == (160, 120)
        assert np.asarray(visible).std() > 20
        assert {"person", "car", "cone", "tree", "road", "sky"} <= {i["class"] for i in entry["instances"]}
        assert set(np.unique(np.asarray(masks))) - {0} == {i["id"] for i in entry["instances"]}
