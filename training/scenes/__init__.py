"""Aligned visible and thermal street pictures with exact masks, modelled procedurally and rendered with Blender's bpy.

Run `python -m training.scenes --output DIR`; bpy is imported only by the modules that build or render a scene.
"""
