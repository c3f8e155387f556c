"""People in clothes, standing or walking."""

from __future__ import annotations

import math

import bpy
import numpy as np
from mathutils import Matrix, Vector

from training.scenes import materials
from training.scenes.meshes import MeshBuilder, knead, round_edges
from training.scenes.poses import Pose
from training.scenes.shading import Shader, Warmth
from training.scenes.traits import outfits

COATS = (
    (0.015, 0.017, 0.022), (0.03, 0.045, 0.1), (0.32, 0.03, 0.03), (0.5, 0.48, 0.44), (0.05, 0.1, 0.06),
    (0.3, 0.19, 0.09), (0.45, 0.32, 0.05), (0.1, 0.1, 0.11), (0.05, 0.2, 0.36), (0.22, 0.06, 0.16),
)  # fmt: skip
TROUSERS = ((0.02, 0.025, 0.05), (0.012, 0.012, 0.014), (0.16, 0.13, 0.09), (0.05, 0.07, 0.13), (0.07, 0.07, 0.075))
SKINS = ((0.55, 0.32, 0.22), (0.42, 0.23, 0.14), (0.62, 0.4, 0.29), (0.14, 0.07, 0.04))
HAIRS = ((0.012, 0.009, 0.007), (0.05, 0.028, 0.014), (0.17, 0.1, 0.045), (0.2, 0.19, 0.18))


def _shoe(joints: list[Vector], sole: MeshBuilder, material: bpy.types.Material) -> None:
    ankle = joints[2]
    pitch = math.atan2(ankle.y - joints[1].y, joints[1].z - ankle.z)
    toe_drop = max(0.0, -pitch - 0.15) * 0.8
    turn = Matrix.Rotation(-toe_drop, 3, "X")
    heel, middle, toe = (ankle + turn @ Vector((0, y, z)) for y, z in ((-0.07, -0.04), (0.05, -0.04), (0.19, -0.055)))
    sole.tube([heel, middle, toe], [(0.035, 0.04), (0.046, 0.042), (0.034, 0.022)], material, 10)


def person(
    shader: Shader, rng: np.random.Generator, stride: float = 1.0, outfit: str | None = None,
    coat: tuple[float, float, float] | None = None, height: float | None = None, pose: str = "walk",
) -> list[bpy.types.Object]:  # fmt: skip
    """A person at the origin looking along +y.

    Args:
        shader: Makes the materials.
        rng: Source of build, colours and pose.
        stride: Of a walk: 0 stands, 1 takes a full step.
        outfit: "jacket", "long" (a coat to the knee), "dress" or "backpack"; None draws one.
        coat: Colour of the upper garment in linear RGB; None draws one.
        height: In metres; None draws one.
        pose: One of traits.POSES.

    Returns:
        The parts, each with its origin on the ground under the hips.
    """
    outfit = outfit or str(rng.choice(outfits(pose)))
    scale = (height or rng.uniform(1.6, 1.84)) / 1.77
    figure = Pose(pose, rng, stride)
    celsius = shader.climate.celsius
    upper = materials.cloth(shader, coat or COATS[rng.integers(len(COATS))])
    lower = materials.cloth(shader, TROUSERS[rng.integers(len(TROUSERS))], 0.8)
    shoe = shader.plain("shoe", (0.025, 0.022, 0.02), 0.6, Warmth(celsius["cloth"] - 5.0))
    skin = shader.plain(
        "skin",
        SKINS[rng.integers(len(SKINS))],
        0.5,
        Warmth(celsius["skin"], 1.3, 9.0, 0.97),
        {"Subsurface Weight": 0.08},
    )
    hair = shader.plain("hair", HAIRS[rng.integers(len(HAIRS))], 0.55, Warmth(celsius["hair"], 1.0, 6.0))
    hip, chest = figure.hip, figure.chest
    parts = []

    legs = MeshBuilder()
    bare = outfit == "dress"
    legs.tube(
        [(0, 0, hip - 0.1), (0, 0, hip + 0.02), (0, 0, hip + 0.14)],
        [(0.13, 0.1), (0.165, 0.115), (0.14, 0.1)],
        lower,
        14,
    )
    for joints in figure.legs:
        top, knee, ankle = joints
        radii = [0.095, 0.088, 0.07, 0.066, 0.05 if bare else 0.06]
        legs.tube([top, (top + knee) / 2, knee, (knee + ankle) / 2, ankle - Vector((0, 0, 0.02))], radii, lower, 12)
    parts.append(legs.build("trousers"))
    knead(parts[-1], 0.016, 4)

    body = MeshBuilder()
    middle = chest.y * 0.5
    body.tube(
        [(0, 0, hip - 0.06), (0, middle * 0.5, hip + 0.1), (0, middle, hip + 0.24), (0, chest.y * 0.9, hip + 0.38),
         (0, chest.y, hip + 0.465), (0, chest.y, hip + 0.52), (0, chest.y, hip + 0.575)],
        [(0.178, 0.128), (0.168, 0.118), (0.165, 0.12), (0.188, 0.135), (0.172, 0.115), (0.105, 0.09), (0.072, 0.07)],
        upper, 16,
    )  # fmt: skip
    if outfit in ("long", "dress"):
        flare = 0.06 * stride
        body.tube(
            [(0, 0.0, hip + 0.12), (0, 0.0, hip - 0.12), (0, 0.0, hip - 0.42)],
            [(0.165, 0.12), (0.19, 0.15 + flare), (0.21, 0.17 + 1.6 * flare)], upper, 18,
        )  # fmt: skip
    for shoulder, elbow, wrist in figure.arms:
        body.tube([shoulder, (shoulder + elbow) / 2, elbow, wrist], [0.066, 0.064, 0.057, 0.048], upper, 12)
        body.ellipsoid(shoulder, (0.068, 0.07, 0.066), upper, 10)
    parts.append(body.build("coat"))
    knead(parts[-1], 0.016, 5)

    head = MeshBuilder()
    centre = chest + Vector((0, 0.035, 0.205))
    head.tube([chest + Vector((0, -0.005, 0.02)), centre - Vector((0, 0.01, 0.06))], [0.058, 0.054], skin, 12)
    head.ellipsoid(centre, (0.078, 0.096, 0.12), skin, 16)
    for side in (-1, 1):
        head.ellipsoid(centre + Vector((0.076 * side, -0.005, -0.005)), (0.018, 0.026, 0.036), skin, 8)
    head.ellipsoid(centre + Vector((0, 0.045, -0.055)), (0.048, 0.045, 0.05), skin, 10)
    head.tube([centre + Vector((0, 0.085, 0.02)), centre + Vector((0, 0.1, -0.018))], [0.011, 0.016], skin, 6)
    for _, elbow, wrist in figure.arms:
        along = (wrist - elbow).normalized()
        head.tube(
            [wrist - along * 0.02, wrist + along * 0.08, wrist + along * 0.17],
            [(0.027, 0.032), (0.024, 0.042), (0.014, 0.026)],
            skin,
            8,
        )
    parts.append(head.build("skin"))
    knead(parts[-1], 0.011, 3)

    cap = MeshBuilder()
    cap.ellipsoid(centre + Vector((0, -0.022, 0.03)), (0.087, 0.094, 0.108), hair, 16)
    if outfit == "dress" or rng.random() < 0.3:
        cap.tube(
            [
                centre + Vector((0, -0.05, 0.03)),
                centre + Vector((0, -0.075, -0.12)),
                centre + Vector((0, -0.09, -0.26)),
            ],
            [(0.085, 0.06), (0.09, 0.05), (0.06, 0.02)],
            hair,
            12,
        )
    for side in (-1, 1):
        cap.ellipsoid(centre + Vector((0.031 * side, 0.086, 0.018)), (0.016, 0.008, 0.008), hair, 8)
    parts.append(cap.build("hair"))

    shoes = MeshBuilder()
    for joints in figure.legs:
        _shoe(joints, shoes, shoe)
    parts.append(shoes.build("shoes", 60.0))

    if outfit == "backpack":
        bag = MeshBuilder()
        colour = COATS[rng.integers(len(COATS))]
        cold = shader.plain("bag", colour, 0.8, Warmth(celsius["plastic"] + 1.0, 1.0, 3.0))
        bag.box((0, chest.y - 0.19, hip + 0.3), (0.29, 0.17, 0.42), cold)
        parts.append(bag.build("bag", merge=True))
        round_edges(parts[-1], 0.07)
    for part in parts:
        part.scale = (scale, scale, scale)
    return parts
