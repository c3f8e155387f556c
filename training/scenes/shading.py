"""Materials with one output per pass: visible light, thermal radiation and the instance index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import bpy

from training.scenes.climate import Climate

Pass = Literal["visible", "thermal", "index"]
PASSES: tuple[Pass, ...] = ("visible", "thermal", "index")


class Graph:
    """A thin writer of shader nodes."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree
        tree.nodes.clear()

    def add(self, kind: str, inputs: dict[str | int, Any] | None = None, **settings: Any) -> bpy.types.Node:
        """Add a node.

        Args:
            kind: The type without its "ShaderNode" prefix.
            inputs: Value, node (its first output) or output socket per input name or index.
            settings: Attributes of the node.
        """
        node = self.tree.nodes.new("ShaderNode" + kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            if isinstance(value, bpy.types.Node):
                value = value.outputs[0]
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, node.inputs[key])
            else:
                if isinstance(value, tuple) and node.inputs[key].type == "RGBA" and len(value) == 3:
                    value = (*value, 1.0)
                node.inputs[key].default_value = value
        return node

    def position(self) -> bpy.types.NodeSocket:
        """World position in metres."""
        return self.add("NewGeometry").outputs["Position"]

    def noise(
        self, scale: float, detail: float = 4.0, vector: Any = None, roughness: float = 0.55
    ) -> bpy.types.NodeSocket:
        """Fractal noise in [0, 1] with `scale` cells per metre."""
        inputs = {"Scale": scale, "Detail": detail, "Roughness": roughness, "Vector": vector or self.position()}
        return self.add("TexNoise", inputs).outputs["Factor"]

    def math(self, operation: str, a: Any, b: Any = 0.0) -> bpy.types.NodeSocket:
        """One arithmetic operation."""
        return self.add("Math", {0: a, 1: b}, operation=operation).outputs[0]

    def remap(self, value: Any, low: float, high: float, to_low: float, to_high: float) -> bpy.types.NodeSocket:
        """Map [low, high] smoothly to [to_low, to_high], clamped."""
        inputs = {0: value, 1: low, 2: high, 3: to_low, 4: to_high}
        return self.add("MapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def mix(self, factor: Any, a: Any, b: Any) -> bpy.types.NodeSocket:
        """Blend two colours."""
        return self.add("Mix", {0: factor, 6: a, 7: b}, data_type="RGBA").outputs[2]

    def bump(self, height: Any, distance: float, strength: float = 1.0) -> bpy.types.NodeSocket:
        """A normal from a height in [0, 1] worth `distance` metres."""
        return self.add("Bump", {"Height": height, "Distance": distance, "Strength": strength}).outputs[0]


@dataclass(frozen=True)
class Warmth:
    """How a surface radiates.

    Attributes:
        celsius: Mean temperature.
        variation: Peak deviation of the noise on it, in kelvin.
        scale: Cells of that noise per metre.
        emissivity: Share radiated; the rest reflects the surroundings.
        mirror: Reflect like a mirror (glass, bare metal) rather than diffusely.
        front: Kelvins added from the object's middle to its front end (its local +y), e.g. a car's warm bonnet.
        reach: Local y in metres at which `front` is complete.
    """

    celsius: float
    variation: float = 1.0
    scale: float = 1.5
    emissivity: float = 0.93
    mirror: bool = False
    front: float = 0.0
    reach: float = 2.0


class Shader:
    """Makes the materials of one scene."""

    def __init__(self, climate: Climate) -> None:
        self.climate = climate

    def start(self, name: str) -> tuple[bpy.types.Material, Graph]:
        """A new material and its empty graph."""
        material = bpy.data.materials.new(name)
        material.cycles.emission_sampling = "NONE"
        return material, Graph(material.node_tree)

    def finish(
        self, material: bpy.types.Material, graph: Graph, surface: Any, warmth: Warmth, haze: bool = True
    ) -> bpy.types.Material:
        """Connect the three outputs.

        Args:
            material: The material being made.
            graph: Its graph.
            surface: The shader node of the visible pass.
            warmth: The thermal surface.
            haze: Fade into the air's colour with distance.
        """
        climate = self.climate
        if haze:
            air = {"Color": climate.haze_colour, "Strength": climate.haze_strength}
            surface = self._through_air(graph, surface, climate.visibility, air)
        self._output(graph, "visible", surface)

        celsius = graph.math(
            "ADD",
            graph.math("MULTIPLY", graph.remap(graph.noise(warmth.scale, 3.0), 0.25, 0.75, -1, 1), warmth.variation),
            warmth.celsius,
        )
        if warmth.front:
            local = graph.add("SeparateXYZ", {0: graph.add("TexCoord").outputs["Object"]}).outputs["Y"]
            celsius = graph.math("ADD", celsius, graph.remap(local, 0.3 * warmth.reach, warmth.reach, 0, warmth.front))
        # Apparent temperature on a linear scale: 0 is -40 °C, 1 is +60 °C.
        radiance = graph.math("MULTIPLY", graph.math("ADD", celsius, 40.0), warmth.emissivity / 100.0)
        glow = graph.add("Emission", {"Strength": radiance})
        rest = (1 - warmth.emissivity,) * 3
        if warmth.mirror:
            mirror = graph.add("BsdfAnisotropic", {"Color": rest, "Roughness": 0.12})
        else:
            mirror = graph.add("BsdfDiffuse", {"Color": rest})
        thermal = graph.add("AddShader", {0: glow, 1: mirror})
        if climate.thermal_visibility is not None:
            thermal = self._through_air(
                graph, thermal, climate.thermal_visibility, {"Strength": (climate.celsius["air"] + 40.0) / 100.0}
            )
        self._output(graph, "thermal", thermal)

        index = graph.math("DIVIDE", graph.add("ObjectInfo").outputs["Object Index"], 255.0)
        self._output(graph, "index", graph.add("Emission", {"Strength": index}))
        return material

    def plain(
        self, name: str, colour: Any, roughness: float, warmth: Warmth, bsdf: dict[str, Any] | None = None
    ) -> bpy.types.Material:
        """A material of one colour; `bsdf` gives further inputs of the principled shader."""
        material, graph = self.start(name)
        inputs = {"Base Color": colour, "Roughness": roughness, **(bsdf or {})}
        return self.finish(material, graph, graph.add("BsdfPrincipled", inputs), warmth)

    @staticmethod
    def _through_air(graph: Graph, surface: Any, visibility: float, air: dict[str, Any]) -> bpy.types.Node:
        """Fade `surface` into the radiance of the air, to 1/e at `visibility` metres from the camera."""
        distance = graph.add("CameraData").outputs["View Distance"]
        clear = graph.math("EXPONENT", graph.math("MULTIPLY", distance, -1.0 / visibility))
        return graph.add("MixShader", {0: clear, 1: graph.add("Emission", air), 2: surface})

    @staticmethod
    def _output(graph: Graph, name: Pass, surface: Any) -> None:
        graph.add("OutputMaterial", {"Surface": surface}).name = name


def activate(name: Pass) -> None:
    """Let every material of the scene render the named pass."""
    for material in bpy.data.materials:
        for output in PASSES:
            if output in material.node_tree.nodes:
                material.node_tree.nodes[output].is_active_output = output == name
