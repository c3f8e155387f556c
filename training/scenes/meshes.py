"""Polygons gathered from primitives, then turned into Blender objects."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import bpy
import numpy as np
from mathutils import Matrix, Vector

Point = Sequence[float]


class MeshBuilder:
    """Collects vertices, faces and one material per face; lengths in metres, z up, y away from the viewer."""

    def __init__(self) -> None:
        self.vertices: list[tuple[float, float, float]] = []
        self.faces: list[tuple[int, ...]] = []
        self.slots: list[int] = []
        self.materials: list[bpy.types.Material] = []

    def _slot(self, material: bpy.types.Material) -> int:
        if material not in self.materials:
            self.materials.append(material)
        return self.materials.index(material)

    def face(self, points: Sequence[Point], material: bpy.types.Material) -> None:
        """Add one polygon, counter-clockwise seen from outside."""
        start = len(self.vertices)
        self.vertices.extend((float(p[0]), float(p[1]), float(p[2])) for p in points)
        self.faces.append(tuple(range(start, start + len(points))))
        self.slots.append(self._slot(material))

    def grid(
        self,
        rows: Sequence[Sequence[Point]],
        material: bpy.types.Material | Callable[[int, int], bpy.types.Material],
        closed: bool = False,
    ) -> None:
        """Add the surface through rows of equally many points.

        Args:
            rows: Cross-sections in order.
            material: One material, or a function of (row, column) of the face.
            closed: Join the last column to the first.
        """
        start, count = len(self.vertices), len(rows[0])
        for row in rows:
            self.vertices.extend((float(p[0]), float(p[1]), float(p[2])) for p in row)
        for i in range(len(rows) - 1):
            for j in range(count if closed else count - 1):
                k = (j + 1) % count
                a, b = start + i * count, start + (i + 1) * count
                self.faces.append((a + j, a + k, b + k, b + j))
                self.slots.append(self._slot(material(i, j) if callable(material) else material))

    def box(
        self, centre: Point, size: Point, material: bpy.types.Material, yaw: float = 0.0, tilt: float = 0.0
    ) -> None:
        """Add a box turned by `yaw` about z after `tilt` about x, both in radians."""
        turn = Matrix.Rotation(yaw, 3, "Z") @ Matrix.Rotation(tilt, 3, "X")
        corner = [
            Vector(centre) + turn @ Vector((sx * size[0] / 2, sy * size[1] / 2, sz * size[2] / 2))
            for sz in (-1, 1)
            for sy in (-1, 1)
            for sx in (-1, 1)
        ]
        for quad in ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)):
            self.face([corner[i] for i in quad], material)

    def tube(
        self,
        path: Sequence[Point],
        radii: Sequence[float | tuple[float, float]],
        material: bpy.types.Material,
        sides: int = 10,
        side_axis: Point = (1.0, 0.0, 0.0),
        axis: Point | None = None,
    ) -> None:
        """Add a closed tube along a path.

        Args:
            path: Centres of the cross-sections.
            radii: One radius per centre, or (along `side_axis`, across it).
            material: The material of the whole tube.
            sides: Corners per cross-section.
            side_axis: The direction of the first radius.
            axis: The normal of every cross-section; None lets them follow the path.
        """
        points = [Vector(p) for p in path]
        rows = []
        for i, point in enumerate(points):
            along = Vector(axis) if axis else (points[min(i + 1, len(points) - 1)] - points[max(i - 1, 0)]).normalized()
            side = Vector(side_axis)
            if abs(side.dot(along)) > 0.95:
                side = Vector((0.0, 1.0, 0.0)) if abs(along.y) < 0.9 else Vector((0.0, 0.0, 1.0))
            side = (side - along * side.dot(along)).normalized()
            across = along.cross(side)
            rx, ry = radii[i] if isinstance(radii[i], tuple) else (radii[i], radii[i])
            angles = [2 * math.pi * k / sides for k in range(sides)]
            rows.append([point + side * (rx * math.cos(a)) + across * (ry * math.sin(a)) for a in angles])
        self.grid(rows, material, closed=True)
        self.face(list(reversed(rows[0])), material)
        self.face(rows[-1], material)

    def ellipsoid(self, centre: Point, radii: Point, material: bpy.types.Material, sides: int = 14) -> None:
        """Add an ellipsoid with its axes along x, y and z."""
        steps = sides // 2
        path, size = [], []
        for k in range(steps + 1):
            angle = math.pi * (0.02 + 0.96 * k / steps)
            path.append((centre[0], centre[1], centre[2] - radii[2] * math.cos(angle)))
            size.append((radii[0] * math.sin(angle), radii[1] * math.sin(angle)))
        self.tube(path, size, material, sides)

    def build(self, name: str, smooth_degrees: float | None = 40.0, merge: bool = False) -> bpy.types.Object:
        """Make the object and link it to the scene.

        Args:
            name: The object's name.
            smooth_degrees: Edges flatter than this are shaded smooth; None for flat shading.
            merge: Join vertices that coincide, needed where faces of one surface were added one by one.
        """
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(self.vertices, [], self.faces)
        for material in self.materials:
            mesh.materials.append(material)
        mesh.polygons.foreach_set("material_index", np.asarray(self.slots, dtype=np.int32))
        result = bpy.data.objects.new(name, mesh)
        bpy.context.scene.collection.objects.link(result)
        if merge:
            result.modifiers.new("merge", "WELD").merge_threshold = 1e-4
            bake(result)
            mesh = result.data
        if smooth_degrees is not None:
            mesh.shade_smooth()
            mesh.set_sharp_from_angle(angle=math.radians(smooth_degrees))
        return result


def bake(target: bpy.types.Object) -> None:
    """Apply all modifiers of an object to its mesh."""
    graph = bpy.context.evaluated_depsgraph_get()
    baked = bpy.data.meshes.new_from_object(target.evaluated_get(graph), depsgraph=graph)
    target.modifiers.clear()
    target.data = baked


def round_edges(target: bpy.types.Object, width: float) -> None:
    """Round the edges of boxes by `width` metres and apply it; the object must be built with `merge`."""
    modifier = target.modifiers.new("bevel", "BEVEL")
    modifier.width, modifier.segments, modifier.limit_method = width, 4, "NONE"
    bake(target)
    target.data.shade_smooth()


def subdivide(target: bpy.types.Object, levels: int) -> None:
    """Round an object with Catmull-Clark subdivision and apply it."""
    modifier = target.modifiers.new("subdivide", "SUBSURF")
    modifier.levels = modifier.render_levels = levels
    bake(target)
    target.data.shade_smooth()


def knead(target: bpy.types.Object, voxel: float, smoothing: int) -> None:
    """Melt overlapping parts into one smooth skin (voxel remesh, then smoothing) and apply it."""
    remesh = target.modifiers.new("remesh", "REMESH")
    remesh.mode, remesh.voxel_size = "VOXEL", voxel
    smooth = target.modifiers.new("smooth", "SMOOTH")
    smooth.iterations, smooth.factor = smoothing, 0.5
    bake(target)
    target.data.shade_smooth()


def place(
    parts: Sequence[bpy.types.Object], x: float, y: float, z: float = 0.0, heading: float = 0.0, index: int = 0
) -> None:
    """Put the parts of one thing on the ground and number them.

    Args:
        parts: Objects modelled around the origin.
        x, y, z: Where their origin goes.
        heading: Degrees clockwise seen from above; 0 keeps the front along y.
        index: The instance's number in the index pass.
    """
    anchor = bpy.data.objects.new("anchor", None)
    bpy.context.scene.collection.objects.link(anchor)
    anchor.location = (x, y, z)
    anchor.rotation_euler = (0.0, 0.0, -math.radians(heading))
    for part in parts:
        part.parent = anchor
        part.pass_index = index
