"""What stands where in a scene, before anything is modelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SIDES = ("houses", "park", "hedge")


@dataclass(frozen=True)
class Item:
    """One thing.

    Attributes:
        kind: person, cyclist, bicycle, car, truck, cone, tree, bush, hedge, lamp, bollard, bin, bench, sign or barrier.
        x: Metres to the right of the road's middle.
        y: Metres in front of the camera.
        heading: Degrees clockwise seen from above; 0 looks away from the camera.
        options: Passed to the function that models it.
    """

    kind: str
    x: float
    y: float
    heading: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """One scene; the road runs along +y with its middle on x = 0, the camera stands at y = 0.

    Attributes:
        name: Stem of the files.
        light: A name of climate.CLIMATES.
        seed: Of everything the plan leaves open.
        items: What stands in the street.
        left, right: What borders the street, of SIDES.
        road: Width in metres.
        pavement: Width of each pavement.
        verge: Width of the grass between kerb and pavement.
        camera: x in metres, height in metres, yaw in degrees to the right, pitch in degrees up.
        lens: Horizontal field of view in degrees.
        sun: Degrees clockwise from the view direction to where the sun stands.
        crossing: y of a zebra crossing, or None.
        sentences: Instructions that are true of the picture.
        grain: Standard deviation of the thermal camera's temporal noise, in grey levels.
        stripes: The same of its fixed column noise.
    """

    name: str
    light: str
    seed: int
    items: tuple[Item, ...]
    left: str = "houses"
    right: str = "houses"
    road: float = 7.0
    pavement: float = 2.4
    verge: float = 1.2
    camera: tuple[float, float, float, float] = (1.2, 1.5, 0.0, -1.0)
    lens: float = 58.0
    sun: float = 130.0
    crossing: float | None = None
    sentences: tuple[str, ...] = ()
    grain: float = 1.4
    stripes: float = 1.3
