"""Sun and sky, in visible light and on the thermal scale."""

from __future__ import annotations

import math
from typing import Any

import bpy
from mathutils import Vector

from training.scenes.climate import Climate
from training.scenes.shading import Graph, Pass


class Lighting:
    """The sun lamp and the world of the current scene.

    Args:
        climate: The hour.
        azimuth: Degrees clockwise from the view direction to where the sun stands.
    """

    def __init__(self, climate: Climate, azimuth: float) -> None:
        self.climate = climate
        self.sun: bpy.types.Object | None = None
        if climate.sun_elevation is not None:
            data = bpy.data.lights.new("sun", "SUN")
            data.color, data.angle = climate.sun_colour, math.radians(0.6)
            self.sun = bpy.data.objects.new("sun", data)
            bpy.context.scene.collection.objects.link(self.sun)
            up, turn = math.radians(climate.sun_elevation), math.radians(azimuth)
            self.towards_sun = Vector((math.sin(turn) * math.cos(up), math.cos(turn) * math.cos(up), math.sin(up)))
            self.sun.rotation_euler = self.towards_sun.to_track_quat("Z", "Y").to_euler()
        world = bpy.data.worlds.new("world")
        bpy.context.scene.world = world
        graph = Graph(world.node_tree)
        self._outputs = {
            "visible": graph.add("OutputWorld", {"Surface": self._sky(graph, azimuth)}),
            "thermal": graph.add("OutputWorld", {"Surface": self._cold_sky(graph)}),
            "index": graph.add("OutputWorld", {"Surface": graph.add("Background", {"Strength": 0.0})}),
        }

    def activate(self, name: Pass) -> None:
        """Light the named pass: the sun warms in the thermal one, lamps shine only in the visible one."""
        for key, output in self._outputs.items():
            output.is_active_output = key == name
        for thing in bpy.context.scene.objects:
            if thing.type == "LIGHT":
                thing.hide_render = name == "index" or (name == "thermal" and thing != self.sun)
        if self.sun is not None:
            self.sun.data.energy = self.climate.sun_heat if name == "thermal" else self.climate.sun_strength
            self.sun.data.color = (1, 1, 1) if name == "thermal" else self.climate.sun_colour

    def _sky(self, graph: Graph, azimuth: float) -> bpy.types.Node:
        climate = self.climate
        direction = graph.add("TexCoord").outputs["Generated"]
        height = graph.add("SeparateXYZ", {0: direction}).outputs["Z"]
        if climate.sun_elevation is None:
            glow = graph.mix(graph.remap(height, -0.02, 0.3, 0, 1), *climate.overcast)
            return graph.add("Background", {"Color": glow, "Strength": 1.0})
        sky = graph.add(
            "TexSky", sky_type="MULTIPLE_SCATTERING", sun_disc=False, sun_elevation=math.radians(climate.sun_elevation),
            sun_rotation=math.radians(azimuth), aerosol_density=1.4,
        ).outputs[0]  # fmt: skip
        # Clouds on a plane far above: the direction divided by its height.
        plane = graph.add("VectorMath", {0: direction, 1: (1.0, 1.0, 0.0)}, operation="MULTIPLY")
        level = graph.math("MAXIMUM", graph.math("ADD", height, 0.12), 0.06)
        spot = graph.add("VectorMath", {0: plane, "Scale": graph.math("DIVIDE", 1.0, level)}, operation="SCALE")
        cloud = graph.remap(graph.noise(0.9, 8.0, spot.outputs[0], 0.6), 0.46, 0.72, 0.0, 0.85)
        white = (9.0, 9.0, 9.4) if climate.name == "day" else (3.2, 2.0, 1.7)
        radiance = graph.add("Background", {"Color": graph.mix(cloud, sky, white), "Strength": climate.sky_strength})
        if climate.sun_radius is None:
            return radiance
        aureole = self._around_sun(graph, direction, 7.0, 0.0, 2.5)
        disc = self._around_sun(graph, direction, climate.sun_radius, 0.8 * climate.sun_radius, 80.0)
        glow = graph.add("Background", {"Color": climate.sun_colour, "Strength": graph.math("ADD", aureole, disc)})
        return graph.add("AddShader", {0: radiance, 1: glow})

    def _around_sun(
        self, graph: Graph, direction: Any, outer: float, inner: float, strength: float
    ) -> bpy.types.NodeSocket:
        """Rises from 0 at `outer` degrees from the sun to `strength` at `inner` degrees."""
        towards = graph.add("VectorMath", {0: direction, 1: tuple(self.towards_sun)}, operation="DOT_PRODUCT")
        edges = (math.cos(math.radians(angle)) for angle in (outer, inner))
        return graph.remap(towards.outputs["Value"], *edges, 0.0, strength)

    def _cold_sky(self, graph: Graph) -> bpy.types.Node:
        celsius = self.climate.celsius
        direction = graph.add("TexCoord").outputs["Generated"]
        height = graph.add("SeparateXYZ", {0: direction}).outputs["Z"]
        low, high = ((celsius[k] + 40.0) / 100.0 for k in ("horizon", "zenith"))
        level = graph.remap(height, -0.05, 0.55, low, high)
        veil = graph.remap(graph.noise(2.5, 5.0, direction), 0.4, 0.7, 0.0, 0.03)
        level = graph.math("ADD", level, veil)
        if self.climate.sun_radius is not None:
            level = graph.math("ADD", level, self._around_sun(graph, direction, 1.2, 0.3, 0.9))
        return graph.add("Background", {"Strength": level})
