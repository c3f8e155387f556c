"""The weather and hour of a picture: light, air and the temperature of things."""

from __future__ import annotations

from dataclasses import dataclass

from engines.errors import InputError


@dataclass(frozen=True)
class Climate:
    """One hour of the day.

    Attributes:
        name: "day", "dusk" or "night".
        sun_elevation: Degrees above the horizon; None without a sun.
        sun_strength: Irradiance of the sun lamp, in W/m² of the renderer's scale.
        sun_colour: Linear RGB.
        sky_strength: Factor on the sky's radiance.
        exposure: Factor on the rendered radiance before the tone curve.
        haze_colour: Linear RGB of the air.
        haze_strength: Its radiance.
        visibility: Distance in metres at which contrast falls to 1/e.
        lamps: Street lamps, headlights and windows are lit.
        celsius: Temperature per kind of surface.
        sun_heat: Irradiance of the sun on the thermal scale of thermal.radiance().
    """

    name: str
    sun_elevation: float | None
    sun_strength: float
    sun_colour: tuple[float, float, float]
    sky_strength: float
    exposure: float
    haze_colour: tuple[float, float, float]
    haze_strength: float
    visibility: float
    lamps: bool
    celsius: dict[str, float]
    sun_heat: float


_DAY = {
    "zenith": -22.0,
    "horizon": 3.0,
    "air": 16.0,
    "road": 19.5,
    "pavement": 18.5,
    "marking": 17.0,
    "grass": 14.5,
    "foliage": 13.5,
    "bark": 16.0,
    "wall": 18.0,
    "glass": 14.0,
    "metal": 15.5,
    "plastic": 16.5,
    "paint": 17.0,
    "cloth": 24.0,
    "skin": 32.0,
    "hair": 26.0,
    "engine": 21.0,
    "tyre": 33.0,
    "exhaust": 58.0,
    "lamp": 16.0,
}
_DUSK = {
    "zenith": -28.0,
    "horizon": -2.0,
    "air": 13.0,
    "road": 17.0,
    "pavement": 16.0,
    "marking": 15.0,
    "grass": 10.5,
    "foliage": 11.5,
    "bark": 14.0,
    "wall": 16.5,
    "glass": 11.0,
    "metal": 12.0,
    "plastic": 12.8,
    "paint": 13.0,
    "cloth": 22.5,
    "skin": 31.5,
    "hair": 24.5,
    "engine": 22.0,
    "tyre": 30.0,
    "exhaust": 56.0,
    "lamp": 34.0,
}
_NIGHT = {
    "zenith": -32.0, "horizon": -8.0, "air": 7.0, "road": 9.5, "pavement": 8.8, "marking": 8.2, "grass": 4.0,
    "foliage": 6.5, "bark": 8.0, "wall": 10.0, "glass": 7.0, "metal": 5.5, "plastic": 7.6, "paint": 5.5,
    "cloth": 19.0, "skin": 31.0, "hair": 22.0, "engine": 24.0, "tyre": 27.0, "exhaust": 55.0, "lamp": 42.0,
}  # fmt: skip

CLIMATES = {
    "day": Climate("day", 38.0, 5.0, (1.0, 0.94, 0.85), 0.13, 1.35, (0.68, 0.77, 0.92), 0.85, 900.0, False, _DAY, 1.5),
    "dusk": Climate("dusk", 5.0, 1.5, (1.0, 0.52, 0.24), 0.10, 1.6, (0.75, 0.55, 0.5), 0.28, 380.0, True, _DUSK, 0.35),
    "night": Climate("night", None, 0.0, (0, 0, 0), 0.0, 3.0, (0.5, 0.42, 0.33), 0.004, 500.0, True, _NIGHT, 0.0),
}


def climate(name: str) -> Climate:
    """The climate called `name`.

    Raises:
        InputError: There is none.
    """
    if name not in CLIMATES:
        raise InputError(f"The light must be one of {', '.join(CLIMATES)}, but got {name!r}.")
    return CLIMATES[name]
