"""Where the joints of a person are in each pose."""

from __future__ import annotations

import math

import numpy as np
from mathutils import Vector

THIGH, SHIN, UPPER_ARM, FOREARM = 0.43, 0.43, 0.29, 0.25
SADDLE, GRIPS, PEDALS = 0.94, (0.24, 0.43, 1.12), ((0.12, 0.17, 0.24), (-0.12, -0.03, 0.52))


def _hanging(
    root: Vector, pitches: tuple[float, ...], lengths: tuple[float, ...], outward: float = 0.0
) -> list[Vector]:
    """Joints of a limb hanging from `root`; a positive pitch in radians swings it forward (+y)."""
    path = [root]
    for pitch, length in zip(pitches, lengths, strict=True):
        path.append(path[-1] + length * Vector((outward, math.sin(pitch), -math.cos(pitch))).normalized())
    return path


def _reaching(root: Vector, end: Vector, lengths: tuple[float, float], towards: Vector) -> list[Vector]:
    """Joints of a limb from `root` to `end`, its middle joint bent `towards`; stretched out where `end` is too far."""
    along = end - root
    reach = min(along.length, 0.999 * sum(lengths))
    along.normalize()
    near = (lengths[0] ** 2 - lengths[1] ** 2 + reach**2) / (2 * reach)
    bend = (towards - along * towards.dot(along)).normalized()
    return [root, root + along * near + bend * math.sqrt(max(0.0, lengths[0] ** 2 - near**2)), root + along * reach]


class Pose:
    """Joint positions of one person 1.77 m tall, looking along +y; the origin is on the ground under the hips.

    Attributes:
        legs: Hip, knee and ankle of each leg.
        arms: Shoulder, elbow and wrist of each arm.
        hip: Height of the hips.
        chest: Where the shoulders' line crosses the body.

    Args:
        name: One of traits.POSES.
        rng: Chooses the leading side and small deviations.
        stride: Of a walk: 0 stands, 1 takes a full step.
    """

    def __init__(self, name: str, rng: np.random.Generator, stride: float = 1.0) -> None:
        sign = -1.0 if rng.random() < 0.5 else 1.0
        idle = float(rng.uniform(-0.05, 0.05))
        stride = {"walk": stride, "run": 1.75}.get(name, 0.1)
        swing = math.radians(24.0) * stride
        front, back = swing + idle, -swing * 0.85 - idle
        if name == "cycle":
            self._ride()
        elif name == "sit":
            self._sit(idle)
        else:
            self._step(sign, front, back, stride)
        self.chest = Vector((0.0, {"cycle": 0.2, "sit": -0.03}.get(name, 0.05 * stride), self.hip + 0.50))
        self.arms = []
        for side, pitch in ((-sign, back), (sign, front)):
            shoulder = self.chest + Vector((0.172 * side, -0.012, -0.055))
            bend = 1.5 if name == "run" else 0.18 + 0.35 * stride * (pitch > 0)
            goal = self._hand(name, side, side == sign)
            if goal is None:
                path = _hanging(shoulder, (0.75 * pitch, 0.75 * pitch + bend), (UPPER_ARM, FOREARM), 0.13 * side)
            else:
                path = _reaching(shoulder, goal, (UPPER_ARM, FOREARM), Vector((0.6 * side, -0.3, -1.0)))
            self.arms.append(path)

    def _step(self, sign: float, front: float, back: float, stride: float) -> None:
        legs = []
        for side, pitch in ((-sign, front), (sign, back)):
            bend = 0.08 + (0.55 * stride if pitch < 0 else 0.06 + 0.3 * max(0.0, stride - 1.0))
            legs.append(_hanging(Vector((0.092 * side, 0.0, 0.93)), (pitch, pitch - bend), (THIGH, SHIN)))
        drop = 0.085 - min(leg[2].z for leg in legs)
        self.legs = [[joint + Vector((0, 0, drop)) for joint in leg] for leg in legs]
        self.hip = 0.93 + drop

    def _ride(self) -> None:
        self.hip = SADDLE + 0.06
        self.legs = [
            _reaching(
                Vector((math.copysign(0.092, foot[0]), 0, self.hip)), Vector(foot), (THIGH, SHIN), Vector((0, 1, 0.2))
            )
            for foot in PEDALS
        ]

    def _sit(self, idle: float) -> None:
        self.hip = 0.56
        self.legs = [
            _hanging(
                Vector((0.1 * side, 0.0, self.hip - 0.02)), (1.5 + side * idle, 0.08 + 2 * side * idle), (THIGH, SHIN)
            )
            for side in (-1, 1)
        ]

    def _hand(self, name: str, side: float, leading: bool) -> Vector | None:
        """Where the hand of one side is; None lets the arm swing."""
        if name == "cycle":
            return Vector((GRIPS[0] * side, GRIPS[1] - 0.1, GRIPS[2] - 0.02))
        if name == "sit":
            return Vector((0.12 * side, 0.3, self.hip + 0.1))
        if name == "wave" and leading:
            return self.chest + Vector((0.34 * side, 0.1, 0.4))
        if name == "phone" and leading:
            return self.chest + Vector((0.04 * side, 0.3, -0.08))
        return None
