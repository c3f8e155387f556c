"""Builds the Blender scene of a plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np

from engines.errors import InputError
from training.scenes import furniture, street
from training.scenes.bicycles import bicycle
from training.scenes.climate import climate
from training.scenes.grove import Grove
from training.scenes.lighting import Lighting
from training.scenes.meshes import place
from training.scenes.people import person
from training.scenes.plan import Item, Plan
from training.scenes.rendered import Instance
from training.scenes.shading import Shader
from training.scenes.traits import traits
from training.scenes.truck import truck
from training.scenes.vegetation import bush
from training.scenes.vehicles import car

# The class written for a kind of item where they differ; a cyclist's bicycle is a thing of its own.
CLASS_OF = {"hedge": "bush", "cyclist": "person"}


@dataclass(frozen=True)
class Scene:
    """A built scene.

    Attributes:
        lighting: Its lights.
        things: What each number of the index pass is; number 0 is the sky.
    """

    lighting: Lighting
    things: dict[int, Instance]


class _Numbers:
    """Hands out instance numbers; each kind of ground is one instance."""

    def __init__(self) -> None:
        self.things: dict[int, Instance] = {}
        self._ground: dict[str, int] = {}

    def __call__(self, kind: str, traits: tuple[str, ...] = ()) -> int:
        if kind in self._ground:
            return self._ground[kind]
        number = len(self.things) + 1
        self.things[number] = Instance(kind, traits)
        if kind in ("road", "sidewalk", "grass"):
            self._ground[kind] = number
        return number


def _model(item: Item, shader: Shader, grove: Grove, rng: np.random.Generator) -> list[bpy.types.Object]:
    options = dict(item.options)
    match item.kind:
        case "person":
            return person(shader, rng, **options)
        case "cyclist":
            return person(shader, rng, **options, pose="cycle")
        case "bicycle":
            return bicycle(shader, rng, **options)
        case "car":
            return car(shader, rng, **options)
        case "truck":
            return truck(shader, rng, **options)
        case "tree":
            return grove.tree(rng, **options)
        case "bush":
            return bush(shader, rng, **options)
        case "hedge":
            return bush(shader, rng, trimmed=True, **options)
        case "cone":
            return furniture.cone(shader, **options)
        case "lamp":
            return furniture.street_lamp(shader, **options)
        case "bollard":
            return furniture.bollard(shader, **options)
        case "bin":
            return furniture.wheeled_bin(shader)
        case "bench":
            return furniture.bench(shader)
        case "sign":
            return furniture.sign(shader, rng)
        case "barrier":
            return furniture.barrier(shader, **options)
    raise InputError(f"A scene must hold things of known kinds, but got {item.kind!r}.")


def build(plan: Plan) -> Scene:
    """Replace the current Blender scene by the one planned."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    air = climate(plan.light)
    shader = Shader(air)
    numbers = _Numbers()
    grove = Grove(shader, plan.seed)
    street.ground(shader, plan, np.random.default_rng((plan.seed, 1)), numbers)
    street.borders(shader, grove, plan, np.random.default_rng((plan.seed, 2)), numbers)
    for position, item in enumerate(plan.items):
        rng = np.random.default_rng((plan.seed, 3, position))
        z = 0.0 if abs(item.x) < plan.road / 2 else street.KERB
        parts = _model(item, shader, grove, rng)
        place(parts, item.x, item.y, z, item.heading, numbers(CLASS_OF.get(item.kind, item.kind), traits(item, plan)))
        if item.kind == "cyclist":
            parts = bicycle(shader, rng, ridden=True)
            place(parts, item.x, item.y, z, item.heading, numbers("bicycle"))
    lighting = Lighting(air, plan.sun)
    x, height, yaw, pitch = plan.camera
    data = bpy.data.cameras.new("camera")
    data.angle = math.radians(plan.lens)
    data.clip_end = 1000.0
    eye = bpy.data.objects.new("camera", data)
    bpy.context.scene.collection.objects.link(eye)
    eye.location = (x, 0.0, height)
    eye.rotation_euler = (math.radians(90.0 + pitch), 0.0, -math.radians(yaw))
    bpy.context.scene.camera = eye
    return Scene(lighting, numbers.things)
