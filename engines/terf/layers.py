"""Edits laid over each other, each a layer that knows how to go on (TeRF, section 2.4.4)."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from engines.terf.effects import Adjustment
from engines.types import Effect, ImagePair

# Two dozen layers of a 640×480 picture.
MEMORY_PIXELS = 8_000_000


@dataclass(frozen=True)
class Layer:
    """A picture after one more repetition of an edit.

    Attributes:
        key: Digest of everything that led here: the pair and every repetition of every edit, in order.
        image: float32 (H, W, 3), read only.
        below: The picture the edit's first repetition started from; the image itself where there is no edit yet.
        edit: Digest of the edit's effect and mask; empty where there is no edit yet.
        adjustment: What went on, to go further from; copied before it does.
        standing: Inclinations further down, each its digest and what went on, that no later edit has touched since.
        note: Why the repetition changed nothing, where it did not; {label} and {source} stand for region and source.
    """

    key: bytes
    image: np.ndarray
    below: np.ndarray
    edit: bytes = b""
    adjustment: Adjustment | None = None
    standing: tuple[tuple[bytes, Adjustment], ...] = ()
    note: str = ""

    def stands(self, edit: bytes) -> Adjustment | None:
        """What went on in an inclination further down, to go further from; None where there is none to go on from."""
        return dict(self.standing).get(edit)


def pair_key(pair: ImagePair) -> bytes:
    """Digest of both pictures."""
    return _digest(str(pair.shape).encode(), pair.visible, pair.infrared)


def edit_key(effect: Effect, mask: np.ndarray) -> bytes:
    """Digest of what is done and where: the same for an instruction that is given again."""
    return _digest(effect.encode(), mask)


def next_key(key: bytes, edit: bytes) -> bytes:
    """Digest of a picture after one more repetition."""
    return _digest(key, edit)


def _digest(*parts: bytes | np.ndarray) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(np.ascontiguousarray(part) if isinstance(part, np.ndarray) else part)
    return digest.digest()


class LayerMemory:
    """The layers used last, so that an instruction given again, or one more after it, goes on from there.

    Layers are found by what led to them, so that a forgotten one is only made again, the same. Safe to use from
    several threads.
    """

    def __init__(self, pixels: int = MEMORY_PIXELS) -> None:
        """Start empty.

        Args:
            pixels: Of all pictures together; the last layer is kept whatever its size.
        """
        self._pixels = pixels
        self._layers: OrderedDict[bytes, Layer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Layer | None:
        """The layer of that key, None where there is none."""
        with self._lock:
            if key in self._layers:
                self._layers.move_to_end(key)
            return self._layers.get(key)

    def put(self, layer: Layer) -> None:
        """Remember a layer; those not used for longest are forgotten."""
        with self._lock:
            self._layers[layer.key] = layer
            self._layers.move_to_end(layer.key)
            held = sum(other.image.shape[0] * other.image.shape[1] for other in self._layers.values())
            while held > self._pixels and len(self._layers) > 1:
                _, oldest = self._layers.popitem(last=False)
                held -= oldest.image.shape[0] * oldest.image.shape[1]
