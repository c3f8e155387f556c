"""What the committed weights of Text-IF do on a rendered pair that nobody trained on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import engines
from app.examples_index import examples
from app.pairs import read_pair
from engines import ImagePair, Instruction
from engines.checkpoints import find
from evaluation.restoration import degraded, sentences_for, similarity


@pytest.fixture(scope="module")
def pair() -> ImagePair:
    entry = next(entry for entry in examples() if entry.name == "day_crossing")
    whole = read_pair(entry.visible, entry.infrared)
    visible, infrared = (
        cv2.resize(picture, (192, 144), interpolation=cv2.INTER_AREA) for picture in (whole.visible, whole.infrared)
    )
    return ImagePair(visible, infrared)


def fused(pair: ImagePair, sentence: str) -> np.ndarray:
    return engines.build("text-if", device="cpu").fuse(pair, Instruction(sentence)).image


def test_without_a_sentence_it_is_a_fusion(pair):
    maximum = engines.build("max").fuse(pair, Instruction()).image
    assert similarity(fused(pair, ""), maximum)["PSNR"] > 25


@pytest.mark.parametrize("degradation", ["low light", "over-exposure", "low contrast"])
def test_the_sentence_that_names_what_is_wrong_restores(pair, degradation):
    clean, worse = fused(pair, ""), degraded(pair, degradation, "crossing")
    said = sentences_for(degradation, "crossing")
    restored, default = (similarity(fused(worse, said[kind]), clean)["PSNR"] for kind in ("matching", "default"))
    assert restored > default + 1.0


def test_the_embedded_weights_are_small_enough():
    assert find("text-if").bytes <= 20_000_000
