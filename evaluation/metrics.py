"""All fusion metrics of one fused picture, by profile.

Fusion metrics depend on their conventions (range, window, logarithm, sum or mean): numbers of two programs compare only
where these agree, which is what the profiles of `evaluation.metrics_profiles` name. EN, SD, SF and AG look at the fused
picture alone and reward noise; Nabf, lower is better, is the one that punishes it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engines.errors import InputError
from evaluation.fusion.grey import grey_levels
from evaluation.metrics_profiles import DEFAULT, PROFILES, Metric

METRICS: dict[str, Metric] = PROFILES[DEFAULT].metrics


def fusion_metrics(
    infrared: np.ndarray,
    visible: np.ndarray,
    fused: np.ndarray,
    names: Iterable[str] | None = None,
    profile: str = DEFAULT,
    inside: np.ndarray | None = None,
) -> dict[str, float]:
    """The metrics of one fused picture, or of a region in it.

    Args:
        infrared: 8-bit grey (H, W): uint8, or another real type on the 0-255 scale, rounded here.
        visible: The same for the visible picture's luma (`evaluation.fusion.grey.to_grey` makes it of RGB).
        fused: The same for the fused picture's luma.
        names: Which of METRICS, all by default.
        profile: Whose conventions, one of PROFILES.
        inside: bool (H, W), the region: its pixels are counted, neighbour pairs that lie in it wholly, and windows that
            are centred in it. The whole picture by default.

    Returns:
        One value per name, in the order of `names`. NaN where a metric has no value: every metric of an empty region,
        CC and SCD with a constant picture in one of their correlations, VIF with a constant source, Qabf and Nabf with
        two constant sources, and SSIM or VIF where no window fits (default: below 7 and 41 pixels a side). PSNR is
        infinite where all three are equal.

    Raises:
        InputError: Unequal sizes, fewer than 2x2 pixels, not grey, not on the 0-255 scale, unknown name or profile.
    """
    metrics = profile_metrics(profile)
    chosen = list(metrics) if names is None else list(names)
    unknown = [name for name in chosen if name not in metrics]
    if unknown:
        raise InputError(f"A metric must be one of {', '.join(metrics)}, but got {unknown[0]!r}.")
    pictures = [
        grey_levels(picture, name) for picture, name in ((infrared, "infrared"), (visible, "visible"), (fused, "fused"))
    ]
    shapes = [picture.shape for picture in pictures]
    if len(set(shapes)) > 1:
        raise InputError(
            "The infrared, visible and fused pictures must have one size, but got "
            f"{', '.join(f'{width}x{height}' for height, width in shapes)}."
        )
    if inside is not None and (inside.shape != shapes[0] or inside.dtype != bool):
        raise InputError(f"The region must be bool {shapes[0]}, but got {inside.dtype} {inside.shape}.")
    a, b, f = (picture.astype(np.float64) for picture in pictures)
    return {name: metrics[name].compute(a, b, f, inside) for name in chosen}


def profile_metrics(profile: str) -> dict[str, Metric]:
    """The metrics of a profile by name.

    Raises:
        InputError: No such profile.
    """
    if profile not in PROFILES:
        raise InputError(f"The profile must be one of {', '.join(PROFILES)}, but got {profile!r}.")
    return PROFILES[profile].metrics
