"""Where one picture of a comparison is brighter than another, and where darker, in grey levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.fusion.grey import to_grey

# Diverging and readable with colour vision deficiencies: blue is negative, white zero, red positive.
COLORMAP = "RdBu_r"
# The scale ends at the smallest multiple of this many grey levels that leaves at most this share of pixels outside.
_STEP, _OUTSIDE = 5, 0.005
_STRIP, _MARGIN, _BAR = 46, 12, 12


@dataclass(frozen=True)
class Difference:
    """A - B.

    Attributes:
        values: int16 (H, W), grey levels (rounded luma), positive where A is brighter.
        limit: The symmetric end of the colour scale in grey levels; pixels beyond have the colour of the end.
        mean: Mean of the absolute values.
        clipped: Share of the pixels beyond the limit.
    """

    values: np.ndarray
    limit: int
    mean: float
    clipped: float


def difference(a: np.ndarray, b: np.ndarray) -> Difference:
    """The luma of A less that of B.

    Args:
        a: uint8 (H, W, 3) RGB.
        b: The same size.

    Raises:
        ValueError: Unequal sizes.
    """
    if a.shape != b.shape:
        raise ValueError(f"The pictures must be of one size, but got {a.shape} and {b.shape}.")
    values = to_grey(a).astype(np.int16) - to_grey(b)
    size = np.abs(values)
    limit = max(_STEP, _STEP * int(np.ceil(np.quantile(size, 1.0 - _OUTSIDE) / _STEP)))
    return Difference(values, limit, float(size.mean()), float((size > limit).mean()))


def difference_map(shown: Difference) -> np.ndarray:
    """The difference in colour, uint8 (H, W, 3), pixel for pixel."""
    import matplotlib

    return matplotlib.colormaps[COLORMAP](0.5 + shown.values / (2.0 * shown.limit), bytes=True)[..., :3]


def labelled_map(shown: Difference, a: str, b: str) -> np.ndarray:
    """The difference map with its scale in a strip below, so that a copy of it still says what it means.

    Args:
        shown: What to draw.
        a: Name of A.
        b: Name of B.

    Returns:
        uint8 (H + strip, W or more, 3); the map itself is pixel for pixel.
    """
    import matplotlib
    from matplotlib.font_manager import findfont
    from PIL import Image, ImageDraw, ImageFont

    colours = difference_map(shown)
    height, width = colours.shape[:2]
    # Comes with matplotlib and, unlike Pillow's own, has a minus sign.
    font = ImageFont.truetype(findfont("DejaVu Sans"), 11)
    title = f"{a} − {b}, grey levels"
    wide = max(width, 340, round(font.getlength(title)) + 2 * _MARGIN)
    sheet = Image.new("RGB", (wide, height + _STRIP), "white")
    sheet.paste(Image.fromarray(colours), ((wide - width) // 2, 0))
    draw = ImageDraw.Draw(sheet)
    levels = np.linspace(0.0, 1.0, wide - 2 * _MARGIN)
    bar = np.broadcast_to(matplotlib.colormaps[COLORMAP](levels, bytes=True)[None, :, :3], (_BAR, levels.size, 3))
    top = height + 8
    sheet.paste(Image.fromarray(np.ascontiguousarray(bar)), (_MARGIN, top))
    draw.rectangle((_MARGIN - 1, top - 1, wide - _MARGIN, top + _BAR), outline=(110, 116, 124))
    below = top + _BAR + 4
    ends = ("≤ −" if shown.clipped else "−", "≥ +" if shown.clipped else "+")
    draw.text((_MARGIN, below), f"{ends[0]}{shown.limit}", fill="black", font=font)
    draw.text((wide - _MARGIN, below), f"{ends[1]}{shown.limit}", fill="black", font=font, anchor="ra")
    draw.text((wide / 2, below), title, fill="black", font=font, anchor="ma")
    return np.asarray(sheet)
