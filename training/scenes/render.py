"""Renders the visible, thermal and index passes of a plan with Cycles on the CPU."""

from __future__ import annotations

import tempfile
from pathlib import Path

import bpy
import numpy as np

from training.scenes.camera import develop, sense
from training.scenes.climate import climate
from training.scenes.plan import Plan
from training.scenes.rendered import Instance, Rendered
from training.scenes.scene import build
from training.scenes.shading import Pass, activate

# Instances with fewer visible pixels are left unlabelled: nobody could point at them.
SMALLEST = 12


def _settings(size: tuple[int, int], samples: int, threads: int | None, name: Pass, folder: Path) -> None:
    scene = bpy.context.scene
    scene.render.threads_mode = "AUTO" if threads is None else "FIXED"
    if threads is not None:
        scene.render.threads = threads
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    scene.render.use_persistent_data = True
    scene.render.filepath = str(folder / f"{name}.exr")
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    scene.view_settings.view_transform = "Raw"
    cycles = scene.cycles
    cycles.device, cycles.seed = "CPU", 0
    cycles.use_adaptive_sampling = False
    cycles.samples = {"visible": samples, "thermal": max(4, samples // 4), "index": 1}[name]
    cycles.use_denoising = name != "index"
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.max_bounces = 4 if name == "visible" else 1
    cycles.diffuse_bounces = 2 if name == "visible" else 1
    cycles.glossy_bounces = 2 if name == "visible" else 1
    cycles.transmission_bounces = 0
    cycles.sample_clamp_indirect = 6.0
    cycles.pixel_filter_type = "BOX" if name == "index" else "BLACKMAN_HARRIS"
    # The index pass must see exactly one surface per pixel, through its middle.
    cycles.filter_width = 0.01 if name == "index" else 1.5


def _read(path: Path) -> np.ndarray:
    picture = bpy.data.images.load(str(path))
    picture.colorspace_settings.name = "Non-Color"
    width, height = picture.size
    values = np.empty(width * height * 4, dtype=np.float32)
    picture.pixels.foreach_get(values)
    bpy.data.images.remove(picture)
    return values.reshape(height, width, 4)[::-1, :, :3].astype(np.float64)


def render(plan: Plan, size: tuple[int, int] = (640, 480), samples: int = 48, threads: int | None = None) -> Rendered:
    """Build and render a plan.

    Args:
        plan: What to show.
        size: Width and height in pixels.
        samples: Paths per pixel of the visible picture; the thermal one takes a quarter, at least four.
        threads: Cores to use; None takes all.

    Returns:
        The developed pictures and the exact masks of what the camera sees.
    """
    scene = build(plan)
    passes = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("visible", "thermal", "index"):
            activate(name)
            scene.lighting.activate(name)
            _settings(size, samples, threads, name, Path(folder))
            bpy.ops.render.render(write_still=True)
            passes[name] = _read(Path(folder) / f"{name}.exr")
    rng = np.random.default_rng((plan.seed, 9))
    air = climate(plan.light)
    visible = develop(passes["visible"], air.exposure, air.noise, rng, air.veil)
    infrared = sense(passes["thermal"][..., 0], rng, plan.grain, plan.stripes)
    return Rendered(visible, infrared, *_compact(np.rint(passes["index"][..., 0] * 255).astype(int), scene.things))


def _compact(index: np.ndarray, things: dict[int, Instance]) -> tuple[np.ndarray, dict[int, Instance]]:
    """Number the visible instances from 1, the sky last."""
    masks = np.zeros(index.shape, dtype=np.uint8)
    instances: dict[int, Instance] = {}
    for number in [*sorted(things), 0]:
        inside = index == number
        if inside.sum() >= SMALLEST:
            instances[len(instances) + 1] = things.get(number, Instance("sky"))
            masks[inside] = len(instances)
    return masks, instances
