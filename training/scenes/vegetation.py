"""Trees, hedges, bushes and grass made of many single leaves."""

from __future__ import annotations

import math

import bpy
import numpy as np
from mathutils import Vector

from training.scenes import materials
from training.scenes.meshes import MeshBuilder
from training.scenes.shading import Shader

# Two leaf colours (linear RGB) per kind of tree.
LEAVES = {
    "green": ((0.045, 0.085, 0.018), (0.16, 0.23, 0.05)),
    "dark": ((0.025, 0.052, 0.018), (0.085, 0.13, 0.035)),
    "autumn": ((0.16, 0.07, 0.012), (0.42, 0.25, 0.03)),
    "red": ((0.11, 0.022, 0.01), (0.3, 0.085, 0.02)),
    "lime": ((0.07, 0.11, 0.015), (0.24, 0.3, 0.05)),
}
LEAVES_PER_JOINT = 50


def leaf_cloud(
    name: str, centres: np.ndarray, size: float, material: bpy.types.Material, rng: np.random.Generator
) -> bpy.types.Object:
    """One mesh of randomly turned pointed leaves.

    Args:
        name: The object's name.
        centres: (N, 3) positions.
        size: Mean leaf length in metres.
        material: The leaf material.
        rng: Source of the sizes and turns.
    """
    count = len(centres)
    along = rng.normal(size=(count, 3))
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(along, rng.normal(size=(count, 3)))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    length = size * rng.uniform(0.65, 1.35, (count, 1))
    corners = np.stack(
        [centres, centres + length * (0.45 * along + 0.36 * across), centres + length * along,
         centres + length * (0.45 * along - 0.36 * across)], axis=1,
    )  # fmt: skip
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners.reshape(-1, 3).tolist(), [], np.arange(4 * count).reshape(-1, 4).tolist())
    mesh.materials.append(material)
    cloud = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(cloud)
    return cloud


def _branch(start: Vector, direction: Vector, length: float, droop: float, rng: np.random.Generator) -> list[Vector]:
    path, heading = [start], direction.normalized()
    for _ in range(5):
        heading = (heading + Vector(rng.normal(0, 0.16, 3)) + Vector((0, 0, droop))).normalized()
        path.append(path[-1] + heading * (length / 5))
    return path


def tree(
    shader: Shader,
    rng: np.random.Generator,
    height: float = 9.0,
    leaves: str = "green",
    spread: float = 0.34,
) -> list[bpy.types.Object]:
    """A broad-leaved tree at the origin.

    Args:
        shader: Makes the materials.
        rng: Source of its shape.
        height: In metres.
        leaves: A key of LEAVES.
        spread: Crown radius over height.

    Returns:
        The trunk with its branches, and the leaves.
    """
    wood, bark = MeshBuilder(), materials.bark(shader)
    fork = height * rng.uniform(0.24, 0.32)
    thick = 0.018 * height + 0.03
    trunk = [Vector((0, 0, -0.1)), Vector((0, 0, 0.25))]
    for k in range(1, 6):
        trunk.append(Vector((*rng.normal(0, 0.012 * height, 2) * k / 5, 0.25 + (height * 0.72 - 0.25) * k / 5)))
    wood.tube(trunk, [thick * f for f in (1.5, 1.08, 0.95, 0.85, 0.66, 0.42, 0.16)], bark, 10)
    centres = []
    limbs = int(rng.integers(11, 15))
    for k in range(limbs):
        share = k / (limbs - 1)
        level = fork + (height * 0.7 - fork) * share
        origin = Vector((0, 0, level))
        angle = k * 2.4 + rng.uniform(-0.4, 0.4)
        reach = height * spread * (0.65 + 0.75 * math.sin(math.pi * (0.18 + 0.62 * share))) * rng.uniform(0.8, 1.1)
        lift = 0.35 + 1.1 * share
        limb = _branch(origin, Vector((math.cos(angle), math.sin(angle), lift)), reach, 0.05, rng)
        wood.tube(limb, [thick * f * (1.1 - 0.6 * share) for f in (0.5, 0.42, 0.34, 0.25, 0.16, 0.07)], bark, 6)
        for point in limb[1:]:
            for _ in range(2):
                heading = Vector(rng.normal(0, 1, 3)) + (point - origin).normalized()
                twig = _branch(point, heading, reach * rng.uniform(0.25, 0.5), -0.03, rng)
                wood.tube(twig, [thick * f for f in (0.12, 0.1, 0.08, 0.06, 0.045, 0.02)], bark, 4)
                centres.extend(twig[2:])
    anchors = np.array([tuple(c) for c in centres])
    spots = np.repeat(anchors, LEAVES_PER_JOINT, axis=0)
    spots += rng.normal(0, 0.034 * height, spots.shape) * (1, 1, 0.75)
    spots = spots[spots[:, 2] > 0.19 * height]
    colours = LEAVES[leaves]
    cloud = leaf_cloud("leaves", spots, 0.0115 * height + 0.035, materials.foliage(shader, *colours), rng)
    return [wood.build("trunk"), cloud]


def bush(
    shader: Shader,
    rng: np.random.Generator,
    size: tuple[float, float, float] = (1.6, 1.2, 1.1),
    leaves: str = "dark",
    trimmed: bool = False,
) -> list[bpy.types.Object]:
    """A bush or, trimmed, a hedge of `size` metres along x, y, z, standing on the origin."""
    volume = size[0] * size[1] * size[2]
    area = 2 * (size[0] * size[2] + size[1] * size[2]) + size[0] * size[1]
    count = int(min(60000, 900 * area))
    half = np.array((size[0] / 2, size[1] / 2, size[2]))
    if trimmed:
        points = rng.uniform((-1, -1, 0.02), (1, 1, 1), (count, 3))
        axis = rng.choice(
            3, count, p=np.array([size[1] * size[2] * 2, size[0] * size[2] * 2, size[0] * size[1]]) / area
        )
        sign = np.where(rng.random(count) < 0.5, -1.0, 1.0)
        points[np.arange(count), axis] = np.where(axis == 2, 1.0, sign)
        points = points * half + rng.normal(0, 0.045, (count, 3))
    else:
        lumps = rng.uniform((-0.6, -0.6, 0.25), (0.6, 0.6, 0.68), (max(5, int(5 * volume)), 3))
        direction = rng.normal(size=(count, 3))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        radius = 0.42 * rng.random(count)[:, None] ** 0.25
        points = (lumps[rng.integers(len(lumps), size=count)] + direction * radius * (1, 1, 0.75)) * half
        points = points[points[:, 2] > 0.0]
    core = MeshBuilder()
    shade = shader.plain("twigs", (0.008, 0.012, 0.005), 1.0, materials.Warmth(shader.climate.celsius["foliage"] + 0.5))
    if trimmed:
        core.box((0, 0, size[2] * 0.47), (size[0] * 0.9, size[1] * 0.86, size[2] * 0.94), shade)
    else:
        core.ellipsoid((0, 0, size[2] * 0.35), (size[0] * 0.36, size[1] * 0.36, size[2] * 0.34), shade)
    cloud = leaf_cloud("leaves", points, 0.065, materials.foliage(shader, *LEAVES[leaves]), rng)
    return [core.build("twigs"), cloud]


def blades(
    shader: Shader, rng: np.random.Generator, area: tuple[float, float, float, float], density: float, z: float
) -> bpy.types.Object:
    """Standing grass blades on x0, y0, x1, y1 at height `z`, at most `density` per m², thinning with distance."""
    x0, y0, x1, y1 = area
    count = int(min(90000, density * (x1 - x0) * (y1 - y0)))
    base = np.stack([rng.uniform(x0, x1, count), y0 + (y1 - y0) * rng.random(count) ** 1.5, np.full(count, z)], axis=1)
    angle = rng.uniform(0, 2 * math.pi, count)
    side = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1)
    width = 0.006 + 0.0006 * base[:, 1:2]
    tip = base + rng.normal(0, 0.025, (count, 3)) + np.array((0, 0, 1)) * rng.uniform(0.04, 0.12, (count, 1))
    corners = np.stack([base - side * width, base + side * width, tip], axis=1)
    mesh = bpy.data.meshes.new("blades")
    mesh.from_pydata(corners.reshape(-1, 3).tolist(), [], np.arange(3 * count).reshape(-1, 3).tolist())
    mesh.materials.append(materials.foliage(shader, (0.03, 0.055, 0.012), (0.13, 0.18, 0.045)))
    turf = bpy.data.objects.new("blades", mesh)
    bpy.context.scene.collection.objects.link(turf)
    return turf


def litter(
    shader: Shader, rng: np.random.Generator, area: tuple[float, float, float, float], count: int, z: float
) -> bpy.types.Object:
    """Fallen leaves lying on x0, y0, x1, y1 at height `z`."""
    x0, y0, x1, y1 = area
    spots = np.stack([rng.uniform(x0, x1, count), y0 + (y1 - y0) * rng.random(count) ** 1.6, np.full(count, z)], axis=1)
    fallen = leaf_cloud("litter", spots, 0.075, materials.foliage(shader, *LEAVES["autumn"]), rng)
    coordinates = np.empty(len(fallen.data.vertices) * 3, dtype=np.float32)
    fallen.data.vertices.foreach_get("co", coordinates)
    coordinates[2::3] = z + 0.15 * np.abs(coordinates[2::3] - z) + 0.004
    fallen.data.vertices.foreach_set("co", coordinates)
    return fallen
