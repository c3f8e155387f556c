"""What one scene becomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rendered:
    """One aligned pair.

    Attributes:
        visible: uint8 (H, W, 3) RGB.
        infrared: uint8 (H, W), white is hot.
        masks: uint8 (H, W), the instance number of each pixel, 0 unlabelled.
        instances: Class per number in `masks`.
    """

    visible: np.ndarray
    infrared: np.ndarray
    masks: np.ndarray
    instances: dict[int, str]
