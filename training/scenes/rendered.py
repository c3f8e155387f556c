"""What one scene becomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Instance:
    """One thing of a picture.

    Attributes:
        kind: Its class.
        traits: Phrases that are true of it (training.scenes.traits).
    """

    kind: str
    traits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """One aligned pair.

    Attributes:
        visible: uint8 (H, W, 3) RGB.
        infrared: uint8 (H, W), white is hot.
        masks: uint8 (H, W), the instance number of each pixel, 0 unlabelled.
        instances: What each number in `masks` is.
    """

    visible: np.ndarray
    infrared: np.ndarray
    masks: np.ndarray
    instances: dict[int, Instance]
