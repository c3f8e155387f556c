"""Trees that share a few modelled shapes, so that a street full of them stays cheap to render."""

from __future__ import annotations

import math

import bpy
import numpy as np

from training.scenes.shading import Shader
from training.scenes.vegetation import tree

MODEL_HEIGHT = 8.5
SHAPES = 2


class Grove:
    """Models each colour's shapes once and hands out turned and scaled copies.

    Args:
        shader: Makes the materials.
        seed: Of the shapes.
    """

    def __init__(self, shader: Shader, seed: int) -> None:
        self._shader, self._seed = shader, seed
        self._shapes: dict[tuple[str, int], list[bpy.types.Mesh]] = {}

    def tree(self, rng: np.random.Generator, height: float = 8.5, leaves: str = "green") -> list[bpy.types.Object]:
        """A tree at the origin, `height` metres tall, its leaves coloured by a key of vegetation.LEAVES."""
        variant = int(rng.integers(SHAPES))
        key = (leaves, variant)
        if key not in self._shapes:
            # A colour's number, not Python's salted hash, keeps the shape the same from run to run.
            shape_rng = np.random.default_rng((self._seed, 4, variant, sum(leaves.encode())))
            parts = tree(self._shader, shape_rng, MODEL_HEIGHT, leaves)
            self._shapes[key] = [part.data for part in parts]
            for part in parts:
                bpy.data.objects.remove(part)
        turn, scale = rng.uniform(0, 2 * math.pi), height / MODEL_HEIGHT
        wide = float(rng.uniform(0.9, 1.12))
        parts = []
        for mesh in self._shapes[key]:
            part = bpy.data.objects.new("tree", mesh)
            bpy.context.scene.collection.objects.link(part)
            part.rotation_euler = (0.0, 0.0, turn)
            part.scale = (scale * wide, scale * wide, scale)
            parts.append(part)
        return parts
