"""A data set of two pictures, in folder form."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from evaluation.run_length import encode_mask


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with one data set in it: a red car on a road, once to train and once to validate."""
    root = tmp_path / "data" / "tiny"
    (root / "visible").mkdir(parents=True)
    (root / "infrared").mkdir()
    car, road = np.zeros((24, 32), bool), np.zeros((24, 32), bool)
    car[10:16, 4:12] = True
    road[12:, :] = True
    references, scenes = [], []
    for name, split in (("a", "train"), ("b", "val")):
        picture = np.full((24, 32, 3), 60, np.uint8)
        picture[car] = (250, 0, 0)
        cv2.imwrite(str(root / "visible" / f"{name}.png"), picture[..., ::-1])
        cv2.imwrite(str(root / "infrared" / f"{name}.png"), picture[..., 0])
        for kind, sentences, classes, mask in (
            ("class", ["the cars", "the vehicles"], ["car"], car),
            ("thing", ["the red car on the left"], ["car"], car),
            ("stuff", ["the road"], ["road"], road),
        ):
            references.append(
                {"image": name, "split": split, "sentences": sentences, "kind": kind, "classes": classes}
                | {"mask": encode_mask(mask)}
            )
        item = {"id": "x", "class": "car", "box": [4, 10, 12, 16], "area": 48, "mask": encode_mask(car)}
        scenes.append({"image": name, "night": False, "objects": [item], "stuff": {"road": encode_mask(road)}})
    for file, lines in (("refs.jsonl", references), ("scenes.jsonl", scenes)):
        (root / file).write_text("\n".join(json.dumps(line) for line in lines))
    return tmp_path / "data"
