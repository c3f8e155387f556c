"""The rendered examples agree with their index, and the parts of the renderer that need no Blender do what they say."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from engines.errors import InputError
from training.scenes.camera import blur, develop, sense
from training.scenes.climate import CLIMATES, climate
from training.scenes.curated import PLANS
from training.scenes.plan import Item, Plan
from training.scenes.random_plan import random_plan
from training.scenes.traits import COATS, OUTFITS, PAINTS, POSES, colour_name, traits
from training.scenes.writer import is_complete, read_index, write_index

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "app" / "examples"
ENTRIES = json.loads((FOLDER / "examples.json").read_text(encoding="utf-8"))
LIGHTS = {plan.name: plan.light for plan in PLANS}
CLASS_OF_NOUN = {
    "person": "person", "people": "person", "car": "car", "cars": "car", "cone": "cone", "cones": "cone",
    "tree": "tree", "trees": "tree", "bush": "bush", "road": "road", "sidewalk": "sidewalk", "grass": "grass",
    "building": "building", "buildings": "building", "sky": "sky", "lamp": "lamp", "lamps": "lamp", "bench": "bench",
    "cyclist": "bicycle", "bicycle": "bicycle", "truck": "truck", "bollard": "bollard",
    "bollards": "bollard", "bin": "bin", "sign": "sign", "barrier": "barrier", "crossing": "road",
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
    assert len(ENTRIES) >= 12
    assert lights.count("day") >= 3
    assert lights.count("dusk") >= 2
    assert lights.count("night") >= 3
    assert {"fog", "glare"} <= set(lights)
    assert any(instances(entry, "truck") for entry in ENTRIES)
    assert any(instances(entry, "bicycle") for entry in ENTRIES)
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
    mean = {name: [] for name in CLIMATES}
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
    plans = [random_plan(seed) for seed in range(60)]
    assert {plan.light for plan in plans} == set(CLIMATES)
    kinds = {item.kind for plan in plans for item in plan.items}
    assert {"person", "cyclist", "bicycle", "car", "truck", "cone", "bollard", "sign", "tree"} <= kinds
    poses = {item.options["pose"] for plan in plans for item in plan.items if item.kind == "person"}
    assert poses == set(POSES) - {"cycle"}


@pytest.mark.parametrize("seed", range(25))
def test_nothing_of_a_random_plan_stands_in_a_vehicle(seed):
    vehicles = [item for item in random_plan(seed).items if item.kind in ("car", "truck")]
    half = {"car": 2.0, "truck": 3.5}
    for number, one in enumerate(vehicles):
        for other in [*vehicles[number + 1 :], *(item for item in random_plan(seed).items if item.kind == "person")]:
            apart = half[one.kind] + half.get(other.kind, 0.0)
            assert abs(one.x - other.x) > 1.2 or abs(one.y - other.y) > apart, (one, other)


def street(*items: Item, light: str = "day") -> Plan:
    return Plan("street", light, 0, items)


def test_traits_say_what_is_planned():
    red = Item("person", 0.0, 9.0, 90.0, {"coat": COATS["red"], "outfit": "long"})
    sitting = Item("person", 5.0, 9.0, -90.0, {"coat": COATS["blue"], "outfit": "jacket", "pose": "sit"})
    rider = Item("cyclist", 1.0, 9.0, 180.0, {"coat": COATS["white"], "outfit": "jacket"})
    plan = street(red, sitting, rider)
    assert traits(red, plan) == ("person in the red coat", "person on the road", "person crossing the road")
    assert traits(sitting, plan) == ("person in the blue jacket", "person sitting")
    assert "cyclist" in traits(rider, plan)
    assert "person in the white jacket" in traits(rider, plan)


def test_traits_leave_out_what_nobody_can_see():
    coming = Item("car", -1.8, 9.0, 180.0, {"driving": True, "paint": PAINTS["red"]})
    going = Item("car", 1.8, 9.0, 0.0, {"driving": True, "paint": PAINTS["blue"]})
    assert traits(coming, street(coming, going, light="night")) == ("moving car", "car with its headlights on")
    assert traits(going, street(coming, going, light="night")) == ("moving car",)
    assert "red car" in traits(coming, street(coming, going))
    assert traits(coming, street(coming, Item("car", 1.8, 20.0))) == ("moving car",), "the other could be red, too"


@pytest.mark.parametrize("names", [COATS, PAINTS])
def test_every_colour_has_its_own_name(names):
    for name, colour in names.items():
        assert colour_name(colour, names) == name


def test_outfits_of_random_people_are_known():
    people = [item for seed in range(20) for item in random_plan(seed).items if item.kind in ("person", "cyclist")]
    assert {item.options["outfit"] for item in people} == set(OUTFITS)


@pytest.mark.parametrize("name", CLIMATES)
def test_temperatures_are_ordered_as_outdoors(name):
    celsius = climate(name).celsius
    assert celsius["zenith"] < celsius["horizon"] < celsius["air"]
    assert celsius["cloth"] + 5 < celsius["skin"] < 36
    assert celsius["exhaust"] > celsius["tyre"] > celsius["road"]
    assert all(celsius["skin"] > celsius[thing] + 10 for thing in ("road", "wall", "foliage", "paint", "glass"))
    assert set(celsius) == set(climate("day").celsius)


def test_fog_hides_from_the_eye_what_the_thermal_camera_still_sees():
    fog = climate("fog")
    assert fog.visibility < 0.1 * climate("day").visibility
    assert fog.thermal_visibility > 3 * fog.visibility


def test_glare_lifts_the_shadows():
    scene = np.full((48, 64, 3), 0.02)
    scene[4:8, 30:34] = 80.0
    air = climate("glare")
    plain, veiled = (develop(scene, 1.0, 0.0, np.random.default_rng(0), veil) for veil in ((), air.veil))
    assert veiled[40:].mean() > plain[40:].mean() + 20


def test_stripes_are_columns_and_grain_is_not():
    flat = np.full((120, 160), 0.5)
    striped = sense(flat, np.random.default_rng(0), 0.0, 4.0).astype(float)
    assert striped.std(axis=0).max() < 0.6 < striped.mean(axis=0).std()
    grainy = sense(flat, np.random.default_rng(0), 4.0, 0.0).astype(float)
    assert grainy.std(axis=0).mean() > 3 * grainy.mean(axis=0).std()


def test_a_stopped_run_keeps_only_complete_pictures(tmp_path):
    entry = {"name": "a"} | {kind: f"a_{kind}.png" for kind in ("visible", "infrared", "masks")}
    for kind in ("visible", "infrared", "masks"):
        Image.new("L", (32, 24)).save(tmp_path / entry[kind])
    write_index(tmp_path, [entry])
    assert read_index(tmp_path) == [entry]
    assert is_complete(tmp_path, entry, (32, 24))
    assert not is_complete(tmp_path, entry, (64, 48))
    (tmp_path / entry["masks"]).write_bytes(b"half a picture")
    assert not is_complete(tmp_path, entry, (32, 24))
    assert not is_complete(tmp_path, None, (32, 24))


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


RENDERER = """
import sys, types
import numpy as np

def render(plan, size, samples, threads):
    from training.scenes.rendered import Instance, Rendered
    width, height = size
    masks = np.ones((height, width), np.uint8)
    grey = np.full((height, width), plan.seed, np.uint8)
    return Rendered(np.repeat(grey[..., None], 3, 2), grey, masks, {1: Instance("road", ("wet road",))})

sys.modules["training.scenes.render"] = types.ModuleType("render")
sys.modules["training.scenes.render"].render = render
"""


def test_a_stopped_run_is_taken_up_by_several_workers(tmp_path):
    """With a renderer that needs no Blender in the place of the real one."""
    stand_in, output = tmp_path / "stand_in", tmp_path / "scenes"
    stand_in.mkdir()
    (stand_in / "bpy.py").touch()
    (stand_in / "sitecustomize.py").write_text(RENDERER, encoding="utf-8")
    command = [sys.executable, "-m", "training.scenes", "--output", str(output), "--count", "5", "--seed", "3"]
    command += ["--size", "32x24", "--workers", "2"]

    def run() -> str:
        environment = os.environ | {"PYTHONPATH": str(stand_in)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stderr

    assert run().startswith("0 of 5 are there already")
    names = [f"scene_{seed:05d}" for seed in range(3, 8)]
    entries = read_index(output)
    assert [entry["name"] for entry in entries] == names
    assert entries[0]["instances"] == [{"id": 1, "class": "road", "traits": ["wet road"]}]
    with Image.open(output / entries[2]["infrared"]) as picture:
        assert np.asarray(picture).max() == 5
    (output / entries[3]["visible"]).unlink()
    log = run()
    assert log.startswith("4 of 5 are there already")
    assert "1 of 1: scene_00006" in log
    assert read_index(output) == entries


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="bpy is not installed: Python 3.11, bpy==5.0.1")
def test_renders_a_tiny_scene(tmp_path):
    command = [sys.executable, "-m", "training.scenes", "--output", str(tmp_path), "--curated"]
    command += ["--only", "day_roadworks", "fog_cyclist", "--size", "160x120", "--samples", "4", "--workers", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    entry, foggy = json.loads((tmp_path / "examples.json").read_text(encoding="utf-8"))
    assert {"bicycle", "truck"} <= {instance["class"] for instance in foggy["instances"]}
    with Image.open(tmp_path / entry["visible"]) as visible, Image.open(tmp_path / entry["masks"]) as masks:
        assert visible.size == masks.size == (160, 120)
        assert np.asarray(visible).std() > 20
        assert {"person", "car", "cone", "tree", "road", "sky"} <= {i["class"] for i in entry["instances"]}
        assert set(np.unique(np.asarray(masks))) - {0} == {i["id"] for i in entry["instances"]}
