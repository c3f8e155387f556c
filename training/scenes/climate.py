"""The weather and hour of a picture: light, air and the temperature of things."""

from __future__ import annotations

from dataclasses import dataclass

from engines.errors import InputError

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Climate:
    """One hour of the day.

    Attributes:
        name: A key of CLIMATES.
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
        sun_heat: Irradiance of the sun on the thermal scale (0 is -40 °C, 1 is +60 °C).
        noise: Standard deviation of the visible camera's noise in black, on the 0 … 1 output scale.
        overcast: Linear radiance at the horizon and overhead of a sky without a sun.
        thermal_visibility: As `visibility`, for the thermal camera; None where the air is clear to it.
        sun_radius: Degrees of the glaring disc around a sun that stands in the picture; None for a sun behind clouds or
            the camera.
        veil: Light that mist or lens scatter spread: standard deviation in pixels of a 640 pixels wide picture, share.
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
    noise: float
    overcast: tuple[Colour, Colour] = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    thermal_visibility: float | None = None
    sun_radius: float | None = None
    veil: tuple[tuple[float, float], ...] = ()


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

# A damp, windless morning: everything near the temperature of the air, but for what makes its own heat.
_FOG = {
    "zenith": -6.0, "horizon": 5.0, "air": 8.0, "road": 9.5, "pavement": 9.2, "marking": 8.8, "grass": 6.8,
    "foliage": 7.6, "bark": 8.2, "wall": 10.0, "glass": 8.0, "metal": 7.2, "plastic": 8.0, "paint": 7.4, "cloth": 19.5,
    "skin": 31.0, "hair": 22.0, "engine": 23.0, "tyre": 24.0, "exhaust": 54.0, "lamp": 30.0,
}  # fmt: skip
# A cool evening with the sun straight ahead.
_GLARE = {
    "zenith": -25.0, "horizon": 0.0, "air": 14.0, "road": 19.0, "pavement": 18.0, "marking": 16.8, "grass": 12.5,
    "foliage": 12.8, "bark": 15.0, "wall": 17.5, "glass": 12.5, "metal": 14.0, "plastic": 14.8, "paint": 15.0,
    "cloth": 23.5, "skin": 32.0, "hair": 25.5, "engine": 22.0, "tyre": 32.0, "exhaust": 57.0, "lamp": 15.0,
}  # fmt: skip

CLIMATES = {
    "day": Climate(
        "day", 38.0, 5.0, (1.0, 0.94, 0.85), 0.13, 1.35, (0.68, 0.77, 0.92), 0.85, 900.0, False, _DAY, 1.5, 0.008
    ),
    "dusk": Climate(
        "dusk", 5.0, 1.5, (1.0, 0.52, 0.24), 0.10, 1.6, (0.75, 0.55, 0.5), 0.28, 380.0, True, _DUSK, 0.35, 0.012
    ),
    "night": Climate(
        "night", None, 0.0, (0, 0, 0), 0.0, 3.0, (0.5, 0.42, 0.33), 0.004, 500.0, True, _NIGHT, 0.0, 0.017,
        overcast=((0.011, 0.009, 0.0085), (0.0022, 0.003, 0.0055)),
    ),
    "fog": Climate(
        "fog", None, 0.0, (0, 0, 0), 0.0, 1.0, (0.78, 0.83, 0.88), 0.62, 24.0, True, _FOG, 0.0, 0.009,
        overcast=((0.484, 0.515, 0.546), (0.72, 0.76, 0.8)), thermal_visibility=110.0, veil=((12.0, 0.16),),
    ),
    "glare": Climate(
        "glare", 12.0, 3.4, (1.0, 0.74, 0.44), 0.10, 1.0, (0.95, 0.78, 0.58), 0.75, 330.0, False, _GLARE, 0.6, 0.008,
        sun_radius=0.9, veil=((50.0, 0.2), (160.0, 0.5)),
    ),
}  # fmt: skip


def climate(name: str) -> Climate:
    """The climate called `name`.

    Raises:
        InputError: There is none.
    """
    if name not in CLIMATES:
        raise InputError(f"The light must be one of {', '.join(CLIMATES)}, but got {name!r}.")
    return CLIMATES[name]
