"""Fusion metrics over folders of pictures: fused ones that are there, or those an engine makes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engines.errors import InputError
from engines.types import Engine, ImagePair, Instruction
from evaluation.fusion.grey import to_8bit, to_grey
from evaluation.metrics import METRICS, fusion_metrics
from evaluation.picture_files import pictures_by_stem, read_grey
from evaluation.progress import Notify


def score_folder(visible: Path, infrared: Path, fused: Path, notify: Notify | None = None) -> dict:
    """Score fused pictures against their sources, matched by file stem.

    Args:
        visible: Folder of visible pictures.
        infrared: Folder of infrared pictures of the same names.
        fused: Folder of fused pictures of the same names.
        notify: Told before each picture.

    Returns:
        The report of `report`.

    Raises:
        InputError: The folders do not hold the same names, a picture cannot be read, or sizes differ.
    """
    files = pictures_by_stem(fused)

    def read(name: str, pair: ImagePair) -> np.ndarray:
        picture = read_grey(files[name])
        if picture.shape != pair.shape:
            raise InputError(
                f"{files[name]} must be {pair.shape[1]}x{pair.shape[0]} like its visible picture, "
                f"but is {picture.shape[1]}x{picture.shape[0]}."
            )
        return picture

    return _score(
        {"visible": pictures_by_stem(visible), "infrared": pictures_by_stem(infrared), "fused": files}, read, notify
    )


def score_engine(
    visible: Path, infrared: Path, engine: Engine, instruction: Instruction, notify: Notify | None = None
) -> dict:
    """Fuse every pair of two folders and score what comes out, as the 8-bit picture it would be saved as.

    Args:
        visible: Folder of visible pictures.
        infrared: Folder of infrared pictures of the same names.
        engine: Fuses each pair.
        instruction: The same for every pair; no edits means plain fusion.
        notify: Told before each picture.

    Returns:
        The report of `report`.

    Raises:
        InputError: The folders do not hold the same names, or a pair cannot be read or fused.
    """

    def fuse(name: str, pair: ImagePair) -> np.ndarray:
        return to_grey(to_8bit(engine.fuse(pair, instruction).image))

    return _score({"visible": pictures_by_stem(visible), "infrared": pictures_by_stem(infrared)}, fuse, notify)


def report(per_image: dict[str, dict[str, float]]) -> dict:
    """The JSON shape of DESIGN.md, section 5: {"n", "mean": {metric: value}, "per_image": {name: {metric: value}}}.

    A value that is not finite (see `fusion_metrics`) becomes None; a mean runs over the pictures with a finite value
    and is None where there is none.
    """
    means = {}
    for metric in METRICS:
        finite = [values[metric] for values in per_image.values() if math.isfinite(values[metric])]
        means[metric] = sum(finite) / len(finite) if finite else None
    rows = {
        name: {metric: value if math.isfinite(value) else None for metric, value in values.items()}
        for name, values in per_image.items()
    }
    return {"n": len(rows), "mean": means, "per_image": rows}


def _score(
    folders: dict[str, dict[str, Path]], fused_of: Callable[[str, ImagePair], np.ndarray], notify: Notify | None
) -> dict:
    from app.pairs import read_pair

    names = _common_names(folders)
    per_image = {}
    for done, name in enumerate(names):
        if notify is not None:
            notify(done, len(names), name)
        pair = read_pair(folders["visible"][name], folders["infrared"][name])
        visible, infrared = to_grey(to_8bit(pair.visible)), to_8bit(pair.infrared)
        per_image[name] = fusion_metrics(infrared, visible, fused_of(name, pair))
    return report(per_image)


def _common_names(folders: dict[str, dict[str, Path]]) -> list[str]:
    """The names, which every folder must hold: a mean over fewer pictures would pass for one over all."""
    every = sorted(set().union(*folders.values()))
    for kind, files in folders.items():
        missing = [name for name in every if name not in files]
        if missing:
            raise InputError(
                f"Every picture must have a {kind} one of the same name, but {len(missing)} of {len(every)} have none: "
                f"{', '.join(missing[:3])}{', …' if len(missing) > 3 else ''}."
            )
    return every
