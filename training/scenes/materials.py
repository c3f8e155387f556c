"""The catalogue of surfaces: how each one looks and how warm it is."""

from __future__ import annotations

from typing import Any

import bpy

from training.scenes.shading import Shader, Warmth

Colour = tuple[float, float, float]


def asphalt(shader: Shader) -> bpy.types.Material:
    """Grey, speckled, with patches, tar-filled cracks and worn wheel tracks along y."""
    material, graph = shader.start("asphalt")
    position = graph.position()
    speckle = graph.noise(60.0, 3.0)
    patches = graph.noise(0.25, 5.0)
    split = graph.add("SeparateXYZ", {0: position})
    stretched = graph.add("CombineXYZ", {0: split.outputs[0], 1: graph.math("MULTIPLY", split.outputs[1], 0.06)})
    tracks = graph.noise(1.1, 2.0, stretched.outputs[0])
    value = graph.math(
        "ADD", graph.remap(patches, 0.3, 0.7, 0.052, 0.105), graph.remap(tracks, 0.3, 0.7, -0.014, 0.018)
    )
    value = graph.math("ADD", value, graph.remap(speckle, 0.25, 0.8, -0.022, 0.036))
    wobble = graph.add(
        "VectorMath", {0: position, 1: graph.add("TexNoise", {"Vector": position, "Scale": 0.9}).outputs[1]}
    )
    cracks = graph.add("TexVoronoi", {"Vector": wobble, "Scale": 0.22}, feature="DISTANCE_TO_EDGE").outputs[0]
    value = graph.math("MULTIPLY", value, graph.remap(cracks, 0.001, 0.007, 0.45, 1.0))
    colour = graph.add(
        "CombineColor", {0: value, 1: graph.math("MULTIPLY", value, 0.985), 2: graph.math("MULTIPLY", value, 0.96)}
    )
    surface = graph.add(
        "BsdfPrincipled",
        {
            "Base Color": colour,
            "Roughness": graph.remap(patches, 0.3, 0.7, 0.75, 0.92),
            "Normal": graph.bump(speckle, 0.006),
        },
    )
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["road"], 1.2, 0.35))


def marking(shader: Shader, colour: Colour = (0.62, 0.61, 0.58)) -> bpy.types.Material:
    """Road paint, worn through in places."""
    material, graph = shader.start("marking")
    worn = graph.remap(graph.noise(9.0, 6.0), 0.36, 0.56, 0.18, 1.0)
    surface = graph.add("BsdfPrincipled", {"Base Color": graph.mix(worn, (0.08, 0.08, 0.08), colour), "Roughness": 0.7})
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["marking"], 0.8, 0.35))


def paving(shader: Shader, colour: Colour = (0.27, 0.25, 0.23)) -> bpy.types.Material:
    """Slabs of slightly different greys with dark joints."""
    material, graph = shader.start("paving")
    light, dark = tuple(c * 1.18 for c in colour), tuple(c * 0.8 for c in colour)
    brick = graph.add(
        "TexBrick",
        {"Vector": graph.position(), "Color1": light, "Color2": dark, "Mortar": (0.06, 0.055, 0.05), "Scale": 1.0,
         "Mortar Size": 0.012, "Brick Width": 0.6, "Row Height": 0.4},
    )  # fmt: skip
    stain = graph.remap(graph.noise(0.6, 6.0), 0.3, 0.7, 0.72, 1.12)
    colour_node = graph.add("Mix", {0: 1.0, 6: brick, 7: stain}, data_type="RGBA", blend_type="MULTIPLY").outputs[2]
    surface = graph.add("BsdfPrincipled", {"Base Color": colour_node, "Roughness": 0.85})
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["pavement"], 0.9, 0.5))


def stone(shader: Shader, colour: Colour = (0.36, 0.35, 0.33), celsius: float | None = None) -> bpy.types.Material:
    """Concrete or kerb stone with stains."""
    material, graph = shader.start("stone")
    stain = graph.noise(2.2, 7.0)
    base = graph.mix(graph.remap(stain, 0.3, 0.7, 0, 1), tuple(c * 0.68 for c in colour), colour)
    surface = graph.add("BsdfPrincipled", {"Base Color": base, "Roughness": 0.88, "Normal": graph.bump(stain, 0.01)})
    warmth = Warmth(shader.climate.celsius["pavement"] if celsius is None else celsius, 0.8, 0.8)
    return shader.finish(material, graph, surface, warmth)


def plaster(shader: Shader, colour: Colour, offset: float = 0.0) -> bpy.types.Material:
    """A painted wall with rain streaks; `offset` kelvins from the usual wall."""
    material, graph = shader.start("plaster")
    split = graph.add("SeparateXYZ", {0: graph.position()})
    flat = graph.add(
        "CombineXYZ", {0: split.outputs[0], 1: split.outputs[1], 2: graph.math("MULTIPLY", split.outputs[2], 0.12)}
    )
    streaks = graph.noise(1.6, 6.0, flat.outputs[0])
    base = graph.mix(graph.remap(streaks, 0.3, 0.72, 0, 1), colour, tuple(c * 0.72 for c in colour))
    surface = graph.add("BsdfPrincipled", {"Base Color": base, "Roughness": 0.9})
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["wall"] + offset, 1.8, 0.22))


def brickwork(shader: Shader, colour: Colour, facing: str, offset: float = 0.0) -> bpy.types.Material:
    """Courses of bricks on a wall facing along "x" or "y"."""
    material, graph = shader.start("brickwork")
    split = graph.add("SeparateXYZ", {0: graph.position()})
    across = split.outputs[1] if facing == "x" else split.outputs[0]
    vector = graph.add("CombineXYZ", {0: across, 1: split.outputs[2]})
    brick = graph.add(
        "TexBrick",
        {"Vector": vector, "Color1": tuple(c * 1.15 for c in colour), "Color2": tuple(c * 0.7 for c in colour),
         "Mortar": tuple(0.3 * c + 0.16 for c in colour), "Scale": 1.0, "Mortar Size": 0.008,
         "Brick Width": 0.24, "Row Height": 0.08},
    )  # fmt: skip
    stain = graph.remap(graph.noise(0.5, 6.0), 0.3, 0.7, 0.75, 1.15)
    base = graph.add("Mix", {0: 1.0, 6: brick, 7: stain}, data_type="RGBA", blend_type="MULTIPLY").outputs[2]
    surface = graph.add("BsdfPrincipled", {"Base Color": base, "Roughness": 0.9, "Normal": graph.bump(brick, 0.006)})
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["wall"] + offset, 1.8, 0.22))


def window(shader: Shader, lit: Colour | None = None) -> bpy.types.Material:
    """A pane over a dark room, or over a lit one of the given colour; opaque and mirror-like to the thermal camera."""
    material, graph = shader.start("window")
    inputs: dict[str, Any] = {"Base Color": (0.018, 0.022, 0.026), "Roughness": 0.04, "Specular IOR Level": 0.9}
    if lit is not None:
        blotch = graph.remap(graph.noise(1.4, 2.0), 0.3, 0.7, 0.35, 1.0)
        inputs |= {"Emission Color": lit, "Emission Strength": blotch}
    else:
        curtain = graph.remap(graph.noise(0.7, 1.0), 0.52, 0.56, 0.0, 1.0)
        inputs["Base Color"] = graph.mix(curtain, (0.012, 0.015, 0.018), (0.09, 0.088, 0.08))
    surface = graph.add("BsdfPrincipled", inputs)
    celsius = shader.climate.celsius["glass"] + (3.5 if lit is not None else 0.0)
    return shader.finish(material, graph, surface, Warmth(celsius, 0.5, 0.5, 0.82, mirror=True))


def foliage(shader: Shader, colour: Colour, second: Colour) -> bpy.types.Material:
    """Thin leaves between two colours, each leaf its own, light shining through."""
    material, graph = shader.start("foliage")
    each = graph.add("NewGeometry").outputs["Random Per Island"]
    tone = graph.math("ADD", graph.math("MULTIPLY", each, 0.55), graph.remap(graph.noise(0.7, 2.0), 0.3, 0.7, 0, 0.45))
    base = graph.mix(tone, colour, second)
    front = graph.add("BsdfPrincipled", {"Base Color": base, "Roughness": 0.5, "Specular IOR Level": 0.35})
    through = graph.add("BsdfTranslucent", {"Color": base})
    surface = graph.add("MixShader", {0: 0.32, 1: front, 2: through})
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["foliage"], 1.6, 0.8, 0.95))


def bark(shader: Shader) -> bpy.types.Material:
    """Brown-grey with vertical furrows."""
    material, graph = shader.start("bark")
    split = graph.add("SeparateXYZ", {0: graph.position()})
    flat = graph.add(
        "CombineXYZ", {0: split.outputs[0], 1: split.outputs[1], 2: graph.math("MULTIPLY", split.outputs[2], 0.2)}
    )
    furrow = graph.noise(14.0, 5.0, flat.outputs[0])
    base = graph.mix(graph.remap(furrow, 0.3, 0.7, 0, 1), (0.035, 0.026, 0.02), (0.15, 0.125, 0.1))
    surface = graph.add("BsdfPrincipled", {"Base Color": base, "Roughness": 0.95, "Normal": graph.bump(furrow, 0.04)})
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["bark"], 1.2, 1.5))


def soil(shader: Shader) -> bpy.types.Material:
    """Short grass seen from afar, with bare patches."""
    material, graph = shader.start("grass")
    patches = graph.remap(graph.noise(0.35, 6.0), 0.38, 0.68, 0, 1)
    green = graph.mix(graph.remap(graph.noise(22.0, 4.0), 0.25, 0.75, 0, 1), (0.035, 0.06, 0.014), (0.12, 0.165, 0.04))
    base = graph.mix(patches, green, (0.15, 0.13, 0.065))
    surface = graph.add("BsdfPrincipled", {"Base Color": base, "Roughness": 1.0, "Specular IOR Level": 0.1})
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["grass"], 1.4, 0.6))


def car_paint(shader: Shader, colour: Colour, seams: tuple[float, ...], warmth: Warmth) -> bpy.types.Material:
    """Glossy paint under clear coat, with dark door gaps at the local y positions `seams`, and dust near the ground."""
    material, graph = shader.start("car paint")
    split = graph.add("SeparateXYZ", {0: graph.add("TexCoord").outputs["Object"]})
    side = graph.math("ABSOLUTE", split.outputs[0])
    paint: Any = colour
    for seam in seams:
        gap = graph.math("ABSOLUTE", graph.math("SUBTRACT", split.outputs[1], seam))
        line = graph.math("MULTIPLY", graph.math("LESS_THAN", gap, 0.011), graph.math("GREATER_THAN", side, 0.62))
        paint = graph.mix(line, paint, (0.004, 0.004, 0.004))
    dust = graph.math("MULTIPLY", graph.remap(split.outputs[2], 0.25, 0.7, 0.35, 0.03), graph.noise(5.0, 4.0))
    surface = graph.add(
        "BsdfPrincipled",
        {"Base Color": graph.mix(dust, paint, (0.18, 0.16, 0.13)), "Roughness": 0.32, "Metallic": 0.25,
         "Coat Weight": 1.0, "Coat Roughness": 0.04},
    )  # fmt: skip
    return shader.finish(material, graph, surface, warmth)


def cloth(shader: Shader, colour: Colour, offset: float = 0.0) -> bpy.types.Material:
    """Woven cloth with soft folds, warmer and colder where it touches the body or hangs loose."""
    material, graph = shader.start("cloth")
    folds = graph.noise(9.0, 2.0)
    base = graph.mix(graph.remap(folds, 0.3, 0.7, 0, 1), tuple(c * 0.7 for c in colour), colour)
    surface = graph.add(
        "BsdfPrincipled", {"Base Color": base, "Roughness": 0.95, "Normal": graph.bump(folds, 0.025, 0.6)}
    )
    return shader.finish(material, graph, surface, Warmth(shader.climate.celsius["cloth"] + offset, 2.6, 4.5))


def lamp(shader: Shader, colour: Colour, strength: float, celsius: float | None = None) -> bpy.types.Material:
    """A lens that glows with `strength`, or a dull one for 0."""
    material, graph = shader.start("lamp")
    surface = graph.add(
        "BsdfPrincipled",
        {"Base Color": colour, "Roughness": 0.12, "Emission Color": colour, "Emission Strength": strength},
    )
    warm = shader.climate.celsius["lamp"] if celsius is None else celsius
    # Thin haze would swallow the small far lamps of a night street; fog does.
    haze = shader.climate.visibility < 100.0
    return shader.finish(material, graph, surface, Warmth(warm, 0.5), haze)
