"""What `python -m evaluation ris` scores: every sentence of every reference, grouped by picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from engines.errors import InputError
from engines.types import ImagePair
from evaluation.run_length import decode_mask
from evaluation.spread import evenly_spaced
from training.references import Scene


@dataclass(frozen=True)
class Sentence:
    """One sentence about one picture: the unit that is scored.

    Attributes:
        name: PICTURE#REFERENCE.SENTENCE, both counted from 0.
        text: The referring expression.
        kind: What sort of reference it is.
        classes: What classes it refers to; empty where the data does not say.
        rle: COCO run-length encoding of the mask; None for what is not in the picture.
    """

    name: str
    text: str
    kind: str
    classes: tuple[str, ...]
    rle: dict | None = field(hash=False)

    def mask(self, shape: tuple[int, int]) -> np.ndarray:
        """bool (H, W), true on what the sentence means.

        Raises:
            InputError: It cannot be decoded, or is not of the picture's size.
        """
        if self.rle is None:
            return np.zeros(shape, dtype=bool)
        picture = self.name.partition("#")[0]
        try:
            mask = decode_mask(self.rle["size"], self.rle["counts"])
        except InputError as error:
            raise InputError(f"A mask of {picture} cannot be decoded: {error}") from error
        if mask.shape != shape:
            raise InputError(
                f"The masks of {picture} must be {shape[1]}x{shape[0]} like its visible picture, "
                f"but one is {mask.shape[1]}x{mask.shape[0]}."
            )
        return mask


@dataclass(frozen=True)
class Picture:
    """A pair with sentences about it.

    Attributes:
        name: Name of the pair.
        visible: The visible picture's file.
        infrared: The infrared picture's file.
        night: Whether it was taken at night; None where the data does not say.
        sentences: What is scored.
    """

    name: str
    visible: Path
    infrared: Path
    night: bool | None
    sentences: tuple[Sentence, ...]

    def read(self) -> ImagePair:
        """The pair as the app reads it.

        Raises:
            InputError: A file cannot be used.
        """
        from app.pairs import read_pair

        return read_pair(self.visible, self.infrared)


def pictures_of(scenes: Iterable[Scene], limit: int | None = None, paraphrases: bool = True) -> list[Picture]:
    """The scenes' sentences by picture, in file order.

    Args:
        scenes: The data.
        limit: At most so many sentences, spread over all; None for all.
        paraphrases: False takes the first sentence of each reference only.

    Raises:
        InputError: A limit below 1, or two pictures of one name.
    """
    pictures = []
    for scene in scenes:
        sentences = tuple(
            Sentence(f"{scene.name}#{reference.number}.{i}", text, reference.kind, reference.classes, reference.rle)
            for reference in scene.references
            for i, text in enumerate(reference.sentences if paraphrases else reference.sentences[:1])
        )
        pictures.append(Picture(scene.name, scene.visible_file, scene.infrared_file, scene.night, sentences))
    names = [picture.name for picture in pictures]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"Each picture must have a name of its own, but two are called {twice}.")
    return evenly(pictures, limit)


def evenly(pictures: Sequence[Picture], limit: int | None) -> list[Picture]:
    """The pictures with at most `limit` of their sentences, spread over all of them; None for all.

    Raises:
        InputError: A limit below 1.
    """
    if limit is None:
        return list(pictures)
    names = [sentence.name for picture in pictures for sentence in picture.sentences]
    return keep(pictures, set(evenly_spaced(names, limit)))


def keep(pictures: Iterable[Picture], names: set[str]) -> list[Picture]:
    """The pictures with only the sentences of these names; pictures without any are left out."""
    kept = (
        replace(picture, sentences=tuple(sentence for sentence in picture.sentences if sentence.name in names))
        for picture in pictures
    )
    return [picture for picture in kept if picture.sentences]
