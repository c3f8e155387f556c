"""Rendered scenes as referring data: `python -m training.rendered_references SCENES DATA`.

SCENES is a folder that `python -m training.scenes` wrote; DATA becomes folder-form data (DESIGN.md, section 6) whose
masks are exact. All of it is split "train": rendered pictures teach, they do not judge.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from engines.masks import mask_box
from evaluation.run_length import encode_mask
from training.references import STUFF_CLASSES
from training.referring_samples import SYNONYMS

# Names of the renderer that differ from those of the annotated data.
_CLASS = {"tree": "trees"}
# Smaller parts of an object are not worth a sentence, in pixels.
_MIN_AREA = 24
_COUNTABLE = ("person", "car", "truck", "bicycle", "cone")
_PLURAL = {
    "person": "people", "car": "cars", "truck": "trucks", "bicycle": "bicycles", "van": "vans", "cyclist": "cyclists",
    "jacket": "jackets", "coat": "coats", "dress": "dresses", "backpack": "backpacks", "phone": "phones",
    "its": "their", "a": "",
}  # fmt: skip


def _reference(image: str, sentences: list[str], kind: str, name: str, mask: np.ndarray) -> dict:
    return {
        "image": image,
        "split": "train",
        "sentences": sentences,
        "kind": kind,
        "classes": [name],
        "area": int(mask.sum()),
        "box": mask_box(mask),
        "mask": encode_mask(mask),
    }


def plural(phrase: str) -> str:
    """The phrase of several things, e.g. "cars with their headlights on" of "car with its headlights on"."""
    return " ".join(filter(None, (_PLURAL.get(word, word) for word in phrase.split())))


def _by_trait(traits: dict[int, list[str]], visible: dict[int, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Each phrase that is true of something visible, and the union of all it is true of."""
    phrases = dict.fromkeys(phrase for number in visible for phrase in traits.get(number, ()))
    for phrase in phrases:
        parts = [mask for number, mask in visible.items() if phrase in traits.get(number, ())]
        yield f"the {phrase if len(parts) == 1 else plural(phrase)}", np.logical_or.reduce(parts)


def describe(
    image: str,
    indices: np.ndarray,
    classes: dict[int, str],
    traits: dict[int, list[str]] | None = None,
    night: bool = False,
) -> tuple[list[dict], dict]:
    """References and scene annotation of one rendered picture.

    Args:
        image: Its name.
        indices: Instance index of each pixel (H, W), 0 for none.
        classes: Class of each instance.
        traits: Phrases that are true of an instance, where there are any.
        night: Whether it was taken at night.

    Returns:
        Lines of refs.jsonl: every class as a whole, the leftmost, rightmost and nearest person, car, truck, bicycle and
        cone, and what the traits say; and the line of scenes.jsonl.
    """
    visible = {index: indices == index for index in classes}
    visible = {index: mask for index, mask in visible.items() if mask.sum() >= _MIN_AREA}
    masks: dict[str, list[np.ndarray]] = {}
    for index, mask in visible.items():
        masks.setdefault(_CLASS.get(classes[index], classes[index]), []).append(mask)
    references, objects, stuff = [], [], {}
    for name, parts in sorted(masks.items()):
        whole = np.logical_or.reduce(parts)
        if name in SYNONYMS:
            references.append(_reference(image, [f"the {SYNONYMS[name][0]}"], "class", name, whole))
        if name in STUFF_CLASSES:
            stuff[name] = encode_mask(whole)
        else:
            for part in parts:
                item = {"id": f"{name}{len(objects)}", "class": name, "box": mask_box(part), "area": int(part.sum())}
                objects.append(item | {"mask": encode_mask(part)})
        if name in _COUNTABLE and len(parts) > 1:
            left, nearest = (sorted(parts, key=lambda part, edge=edge: mask_box(part)[edge]) for edge in (0, 3))
            for wording, part in (
                ([f"the leftmost {name}"], left[0]),
                ([f"the rightmost {name}"], left[-1]),
                ([f"the nearest {name}", f"the {name} closest to the camera"], nearest[-1]),
            ):
                references.append(_reference(image, wording, "template", name, part))
    for name in dict.fromkeys(classes[index] for index in visible if (traits or {}).get(index)):
        alike = {index: mask for index, mask in visible.items() if classes[index] == name}
        for phrase, mask in _by_trait(traits or {}, alike):
            references.append(_reference(image, [phrase], "thing", name, mask))
    return references, {"image": image, "night": night, "objects": objects, "stuff": stuff}


def convert(scenes: Path, data: Path) -> int:
    """Write folder-form data from rendered scenes; returns the number of pictures."""
    for slot in ("visible", "infrared"):
        (data / slot).mkdir(parents=True, exist_ok=True)
    entries = json.loads((scenes / "examples.json").read_text(encoding="utf-8"))
    references, annotations = [], []
    for entry in entries:
        for slot in ("visible", "infrared"):
            file = scenes / entry[slot]
            shutil.copyfile(file, data / slot / f"{entry['name']}{file.suffix}")
        indices = np.asarray(Image.open(scenes / entry["masks"]))
        classes = {instance["id"]: instance["class"] for instance in entry["instances"]}
        traits = {instance["id"]: instance.get("traits", []) for instance in entry["instances"]}
        night = entry.get("light") == "night" or entry["name"].startswith("night")
        lines, annotation = describe(entry["name"], indices, classes, traits, night)
        references += lines
        annotations.append(annotation)
    for file, lines in (("refs.jsonl", references), ("scenes.jsonl", annotations)):
        (data / file).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return len(entries)


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.rendered_references", description=__doc__)
    parser.add_argument("scenes", type=Path)
    parser.add_argument("data", type=Path)
    args = parser.parse_args(argv)
    if not (args.scenes / "examples.json").is_file():
        print(
            f"SCENES must be a folder that `python -m training.scenes` wrote, but got {args.scenes}.", file=sys.stderr
        )
        return 2
    convert(args.scenes, args.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
