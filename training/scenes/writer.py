"""Writes rendered pairs as files with an index."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from training.scenes.plan import Plan
from training.scenes.rendered import Rendered

INDEX = "examples.json"


def write(folder: Path, plan: Plan, picture: Rendered) -> dict:
    """Write NAME_visible.jpg, NAME_infrared.png and NAME_masks.png into `folder`.

    Returns:
        The picture's entry of the index: name, file names, instances (id and class) and sentences.
    """
    files = {
        kind: f"{plan.name}_{kind}.{end}" for kind, end in (("visible", "jpg"), ("infrared", "png"), ("masks", "png"))
    }
    Image.fromarray(picture.visible).save(folder / files["visible"], quality=92, subsampling=0)
    Image.fromarray(picture.infrared).save(folder / files["infrared"], optimize=True)
    Image.fromarray(picture.masks).save(folder / files["masks"], optimize=True)
    instances = [{"id": number, "class": kind} for number, kind in picture.instances.items()]
    return {"name": plan.name, **files, "instances": instances, "sentences": list(plan.sentences)}


def write_index(folder: Path, entries: list[dict]) -> None:
    """Write the entries, one picture per line."""
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    (folder / INDEX).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def read_index(folder: Path) -> list[dict]:
    """The entries written before, none if there is no index yet."""
    path = folder / INDEX
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
