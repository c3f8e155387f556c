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
        The picture's entry of the index: name, light, file names, instances (id, class and traits) and sentences.
    """
    files = {
        kind: f"{plan.name}_{kind}.{end}" for kind, end in (("visible", "jpg"), ("infrared", "png"), ("masks", "png"))
    }
    Image.fromarray(picture.visible).save(folder / files["visible"], quality=92, subsampling=0)
    Image.fromarray(picture.infrared).save(folder / files["infrared"], optimize=True)
    Image.fromarray(picture.masks).save(folder / files["masks"], optimize=True)
    instances = [
        {"id": number, "class": thing.kind} | ({"traits": list(thing.traits)} if thing.traits else {})
        for number, thing in picture.instances.items()
    ]
    return {
        "name": plan.name,
        "light": plan.light,
        **files,
        "instances": instances,
        "sentences": list(plan.sentences),
    }


def write_index(folder: Path, entries: list[dict]) -> None:
    """Write the entries, one picture per line, at once or not at all."""
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    draft = folder / f"{INDEX}.part"
    draft.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    draft.replace(folder / INDEX)


def read_index(folder: Path) -> list[dict]:
    """The entries written before, none if there is no index yet."""
    path = folder / INDEX
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def is_complete(folder: Path, entry: dict | None, size: tuple[int, int]) -> bool:
    """Whether an entry's three files are there with `size` (width, height) in pixels."""
    return entry is not None and all(
        (folder / entry[kind]).is_file() and _size_of(folder / entry[kind]) == size
        for kind in ("visible", "infrared", "masks")
    )


def _size_of(file: Path) -> tuple[int, int] | None:
    try:
        with Image.open(file) as picture:
            return picture.size
    except OSError:
        return None
