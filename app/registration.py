"""Whether both pictures show the same place at the same pixel: measured, shown, corrected. No Gradio, no models."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.color import image_luma
from engines.errors import InputError
from engines.types import ImagePair

AS_GIVEN = "none"
AUTOMATIC = "ecc"
# Edges are compared at this longer side: finer ones differ between the two kinds of camera anyhow.
_LONG_SIDE = 640
_ITERATIONS, _PRECISION = 200, 1e-5
# Coarse to fine, so that a shift of many pixels is found too.
_BLURS = (9.0, 4.0, 1.5)
# A correction beyond these is a wrong match rather than a pair of cameras side by side.
_MOST_SHIFT, _MOST_SCALE = 0.15, 0.15
# 12 pairs of one rig, put right, scored 0.055 to 0.41; pictures of different places 0.017 to 0.043.
_MIN_CORRELATION, _MIN_SCORE = 0.15, 0.047


@dataclass(frozen=True)
class Alignment:
    """How the infrared picture is moved onto the visible one, about the middle of the picture.

    Attributes:
        dx: To the right, in pixels of the visible picture.
        dy: Down, likewise.
        scale: Magnification, 1 for none.
        angle: Clockwise, in degrees.
    """

    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    angle: float = 0.0

    def __str__(self) -> str:
        turned = f", turned by {self.angle:.2f}°" if abs(self.angle) >= 0.005 else ""
        return f"{self.dx:+.1f} pixels to the right, {self.dy:+.1f} down, {self.scale:.3f} times as large{turned}"

    def matrix(self, shape: tuple[int, int]) -> np.ndarray:
        """float64 (2, 3): from a place (x, y) in the infrared picture (H, W) to where it belongs."""
        height, width = shape
        middle = ((width - 1) / 2, (height - 1) / 2)
        matrix = cv2.getRotationMatrix2D(middle, -self.angle, self.scale)
        matrix[:, 2] += (self.dx, self.dy)
        return matrix


def parse_alignment(text: str) -> Alignment | None:
    """Read "none", "ecc" or "DX,DY", "DX,DY,SCALE" or "DX,DY,SCALE,ANGLE".

    Returns:
        The alignment asked for; None where it is to be found automatically.

    Raises:
        InputError: None of these, or numbers no camera rig needs.
    """
    if text == AS_GIVEN:
        return Alignment()
    if text == AUTOMATIC:
        return None
    try:
        numbers = [float(word) for word in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 3, 4) or not np.isfinite(numbers).all():
        raise InputError(
            f"The alignment must be none, ecc or DX,DY in pixels, then SCALE and ANGLE if needed, but got {text!r}."
        )
    alignment = Alignment(*numbers)
    if not 0.1 <= alignment.scale <= 10 or max(abs(alignment.dx), abs(alignment.dy)) > 10_000:
        raise InputError("The alignment must shift by at most 10000 pixels and scale by 0.1 to 10.")
    return alignment


def moved(pair: ImagePair, alignment: Alignment) -> ImagePair:
    """The pair with its infrared picture moved; where nothing comes to lie, its edge is continued."""
    if alignment == Alignment():
        return pair
    height, width = pair.shape
    infrared = cv2.warpAffine(
        pair.infrared,
        alignment.matrix(pair.shape),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    note = f"The infrared picture was moved onto the visible one: {alignment}."
    return replace(pair, infrared=np.clip(infrared, 0.0, 1.0), notes=(*pair.notes, note))


def aligned(pair: ImagePair, asked: str) -> ImagePair:
    """The pair aligned as asked, see `parse_alignment`.

    Raises:
        InputError: Not understood, or no alignment could be found.
    """
    alignment = parse_alignment(asked)
    return moved(pair, found(pair) if alignment is None else alignment)


def _gradients(picture: np.ndarray, blur: float) -> tuple[np.ndarray, np.ndarray]:
    smooth = cv2.GaussianBlur(picture, (0, 0), blur)
    return cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)


def _edges(picture: np.ndarray, blur: float) -> np.ndarray:
    """Gradient magnitude; its root, so that a few strong edges do not decide alone. Contrast may be of either sign."""
    return np.sqrt(cv2.magnitude(*_gradients(picture, blur)))


def _small(pair: ImagePair) -> tuple[np.ndarray, np.ndarray, float]:
    """Visible luma and infrared, float32 (h, w), the longer side at most _LONG_SIDE, and the factor of the size."""
    factor = min(1.0, _LONG_SIDE / max(pair.shape))
    pictures = (image_luma(pair.visible).astype(np.float32), pair.infrared)
    if factor == 1.0:
        return *pictures, factor
    size = (max(8, round(pair.shape[1] * factor)), max(8, round(pair.shape[0] * factor)))
    return *(cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in pictures), factor


def score(pair: ImagePair) -> float:
    """How well the edges of both pictures lie on each other, in [0, 1].

    The correlation of gradient directions weighted by their strength in both pictures, blind to the sign of contrast:
    Σ |∇v|·|∇i|·cos²(angle between them) / √(Σ |∇v|² · Σ |∇i|²), less what unrelated directions would give (one half),
    rescaled. Street pairs from one rig give some 0.1 to 0.4; it is for comparing alignments of one pair, not pairs.
    """
    visible, infrared, _ = _small(pair)
    (vx, vy), (ix, iy) = _gradients(visible, 1.5), _gradients(infrared, 1.5)
    visible_strength, infrared_strength = np.hypot(vx, vy), np.hypot(ix, iy)
    product = visible_strength * infrared_strength
    along = (vx * ix + vy * iy) ** 2 / np.maximum(product, 1e-9)
    norm = float(np.sqrt((visible_strength**2).sum() * (infrared_strength**2).sum()))
    if norm < 1e-9:
        return 0.0
    return float(np.clip((2 * along.sum() - product.sum()) / norm, 0.0, 1.0))


def found(pair: ImagePair) -> Alignment:
    """Where the infrared picture belongs, by the enhanced correlation of edges (ECC, Evangelidis & Psarakis).

    Shift first, then shift, turn and scale, on edges that get finer. None at all where that does not raise the `score`.

    Raises:
        InputError: It does not converge, or ends where no pair of cameras would.
    """
    visible, infrared, factor = _small(pair)
    warp = np.eye(2, 3, dtype=np.float32)
    try:
        for blur in _BLURS:
            fixed, moving = _edges(visible, blur), _edges(infrared, blur)
            for motion in (
                (cv2.MOTION_TRANSLATION, cv2.MOTION_AFFINE) if blur == _BLURS[-1] else (cv2.MOTION_TRANSLATION,)
            ):
                criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ITERATIONS, _PRECISION)
                correlation, warp = cv2.findTransformECC(fixed, moving, warp, motion, criteria, None, 5)
    except cv2.error as error:
        raise InputError(_REFUSAL) from error
    alignment = _similarity(warp, visible.shape, factor)
    furthest = max(abs(alignment.dx) / pair.shape[1], abs(alignment.dy) / pair.shape[0])
    if correlation < _MIN_CORRELATION or furthest > _MOST_SHIFT or abs(alignment.scale - 1) > _MOST_SCALE:
        raise InputError(_REFUSAL)
    as_given, put_right = score(pair), score(moved(pair, alignment))
    if max(as_given, put_right) < _MIN_SCORE:
        raise InputError(_REFUSAL)
    return alignment if put_right > as_given else Alignment()


_REFUSAL = (
    "The two pictures could not be aligned automatically, because too few edges agree: set the shift by hand, or fuse "
    "them as they are."
)


def _similarity(warp: np.ndarray, shape: tuple[int, int], factor: float) -> Alignment:
    """The nearest turn, scale and shift of ECC's warp, which goes the other way, in pixels of the full size."""
    back = np.vstack([warp.astype(np.float64), [0, 0, 1]])
    forward = np.linalg.inv(back)
    a, b = (forward[0, 0] + forward[1, 1]) / 2, (forward[1, 0] - forward[0, 1]) / 2
    middle = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2, 1.0])
    shift = (forward @ middle - middle)[:2] / factor
    return Alignment(float(shift[0]), float(shift[1]), float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a))))


def edge_overlay(pair: ImagePair) -> np.ndarray:
    """Edges of both pictures in one: visible in cyan, infrared in orange, white where they lie on each other.

    Returns:
        float32 (h, w, 3), RGB in [0, 1], its longer side at most 640.
    """
    visible, infrared, _ = _small(pair)
    first, second = (_stretched(_edges(picture, 1.0)) for picture in (visible, infrared))
    cyan, orange = np.float32((0.0, 0.75, 1.0)), np.float32((1.0, 0.45, 0.0))
    return np.clip(first[..., None] * cyan + second[..., None] * orange, 0.0, 1.0)


def _stretched(edges: np.ndarray) -> np.ndarray:
    low, high = (float(value) for value in np.percentile(edges, (50, 99)))
    return np.clip((edges - low) / max(high - low, 1e-6), 0.0, 1.0)
