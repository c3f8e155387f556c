"""Fusion engines: every method of the five papers, and the classical floor, behind one interface."""

from engines.errors import Cancelled, CheckpointError, InputError, SayFuseError
from engines.registry import build, names
from engines.types import Edit, Engine, FusionResult, ImagePair, Instruction, Region

__all__ = [
    "Cancelled",
    "CheckpointError",
    "Edit",
    "Engine",
    "FusionResult",
    "ImagePair",
    "InputError",
    "Instruction",
    "Region",
    "SayFuseError",
    "build",
    "names",
]
