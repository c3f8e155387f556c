"""Fusion engines: every method of the five papers, and the classical floor, behind one interface."""

from engines.errors import Cancelled, CheckpointError, InputError, SayFuseError
from engines.plugins import register, register_installed
from engines.registry import EngineSpec, build, names
from engines.types import Edit, Engine, FusionResult, ImagePair, Instruction, Region

__all__ = [
    "Cancelled",
    "CheckpointError",
    "Edit",
    "Engine",
    "EngineSpec",
    "FusionResult",
    "ImagePair",
    "InputError",
    "Instruction",
    "Region",
    "SayFuseError",
    "build",
    "names",
    "register",
]

register_installed()
