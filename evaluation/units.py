"""What TeRF's fine-tuning units do, measured: how near the fast preset is to the paper's, effect, noise, detail.

Every measure is of one picture; `units_command` takes means over many. Pictures are float32 in [0, 1].
"""

from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np

from engines.color import image_luma
from engines.masks import mask_box
from engines.terf.effects import to_array, to_tensor
from engines.terf.engine import TerfEngine
from engines.types import Edit, ImagePair, Instruction, Region
from evaluation.fusion.grey import to_8bit, to_grey
from evaluation.metrics import fusion_metrics
from finetune_units.denoising import Denoising
from finetune_units.presets import Preset
from finetune_units.tuning import tune

EFFECTS = ("infrared", "visible", "brighten", "darken", "denoise")
REGION = "the region"
NOISE_LEVELS = (10, 25)
# Of the visible picture in the paper's tasks with noise, and wherever an effect is to remove noise.
TASK_NOISE = 25
TASK_METRICS = ("AG", "SSIM", "SF", "Qabf", "EN", "SD")
REPETITIONS = 3
# Of PSNRs of equal pictures, so that they have a mean.
HIGHEST_PSNR = 100.0

Measure = dict[str, float]


class GivenRegion:
    """Finds one mask, whatever it is asked for."""

    def __init__(self, mask: np.ndarray) -> None:
        """Take the mask, bool (H, W)."""
        self._mask = mask.astype(np.float32)

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        """The mask as a region of that name."""
        return Region(phrase, self._mask, 1.0, mask_box(self._mask))


def psnr(a: np.ndarray, b: np.ndarray, inside: np.ndarray | None = None) -> float:
    """PSNR in dB of two pictures, of the pixels inside only where a bool mask is given."""
    square = (a.astype(np.float64) - b) ** 2
    error = float((square if inside is None else square[inside]).mean())
    return HIGHEST_PSNR if error == 0.0 else min(HIGHEST_PSNR, -10.0 * np.log10(error))


def resized(pair: ImagePair, mask: np.ndarray, size: tuple[int, int] | None) -> tuple[ImagePair, np.ndarray]:
    """A pair and a mask at another (width, height); unchanged for None."""
    if size is None:
        return pair, mask
    visible, infrared = (cv2.resize(x, size, interpolation=cv2.INTER_AREA) for x in (pair.visible, pair.infrared))
    return ImagePair(visible, infrared), cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0


def with_noise(picture: np.ndarray, level: float, seed: int = 0) -> np.ndarray:
    """A picture with Gaussian noise of that standard deviation in grey levels of 255, clipped to [0, 1]."""
    noise = np.random.default_rng(seed).standard_normal(picture.shape, dtype=np.float32)
    return np.clip(picture + np.float32(level / 255.0) * noise, 0.0, 1.0)


def noisy_for(effect: str, pair: ImagePair) -> ImagePair:
    """A pair with something to do for an effect: denoising gets a visible picture with noise of TASK_NOISE.

    Of a clean picture the paper's denoising leaves next to nothing to tell presets by.
    """
    return replace(pair, visible=with_noise(pair.visible, TASK_NOISE)) if effect == "denoise" else pair


def preset_measure(pair: ImagePair, mask: np.ndarray, effect: str, whole: bool, checkpoint: str | None) -> Measure:
    """One effect with both presets on one machine, one right after the other.

    Args:
        pair: The pictures, clean; see `noisy_for`.
        mask: bool (H, W), the region.
        effect: One of EFFECTS.
        whole: Tune the whole picture instead.
        checkpoint: The backbone's weights; None for the default ones.

    Returns:
        psnr of the fast picture to the paper's and of the untuned one to it, inside the region; seconds and processor
        seconds of both; ratio, fast over paper, of the processor seconds, which other work on the machine does not
        change.
    """
    pair = noisy_for(effect, pair)
    pictures, times, seconds = {}, {}, {}
    for preset in ("fast", "paper"):
        engine = TerfEngine(checkpoint, device="cpu", preset=preset, masker=GivenRegion(mask))
        untuned = engine.fuse(pair, Instruction()).image
        start, busy = time.perf_counter(), time.process_time()
        result = engine.fuse(pair, Instruction(edits=(Edit(None if whole else REGION, effect),)))
        seconds[preset], times[preset] = time.perf_counter() - start, time.process_time() - busy
        pictures[preset] = result.image
    inside = np.ones_like(mask) if whole else mask
    return {
        "psnr": psnr(pictures["fast"], pictures["paper"], inside),
        "untuned_psnr": psnr(untuned, pictures["paper"], inside),
        "fast_seconds": seconds["fast"],
        "paper_seconds": seconds["paper"],
        "fast_processor_seconds": times["fast"],
        "paper_processor_seconds": times["paper"],
        "ratio": times["fast"] / times["paper"],
    }


def effect_measure(pair: ImagePair, mask: np.ndarray, effect: str, engine: TerfEngine) -> Measure:
    """One effect on a region, repeated; denoising gets a noisy pair (see `noisy_for`) and is judged by the clean one.

    Returns:
        Per repetition 0 to REPETITIONS: brightness_n, mean luma inside; distance_visible_n and distance_infrared_n,
        mean distance of the luma inside to either source; gradient_n, mean gradient inside; Qabf_n, of the region.
        And outside_change, the largest change of any pixel outside.
    """
    given = noisy_for(effect, pair)
    engine.masker = GivenRegion(mask)
    y_visible, measures, first = image_luma(pair.visible), {}, None
    infrared_grey, visible_grey = to_8bit(pair.infrared), to_grey(to_8bit(pair.visible))
    outside = 0.0
    for repetition in range(REPETITIONS + 1):
        edits = (Edit(REGION, effect, repetition),) if repetition else ()
        image = engine.fuse(given, Instruction(edits=edits)).image
        first = image if first is None else first
        outside = max(outside, float(np.abs(image - first)[~mask].max(initial=0.0)))
        y, grey = image_luma(image), to_grey(to_8bit(image))
        gy, gx = np.gradient(y)
        values = {
            "brightness": float(y[mask].mean()),
            "distance_visible": float(np.abs(y - y_visible)[mask].mean()),
            "distance_infrared": float(np.abs(y - pair.infrared)[mask].mean()),
            "gradient": float(np.hypot(gx, gy)[mask].mean()),
            "Qabf": fusion_metrics(infrared_grey, visible_grey, grey, ["Qabf"], inside=mask)["Qabf"],
        }
        measures |= {f"{name}_{repetition}": value for name, value in values.items()}
    return measures | {"outside_change": outside}


def denoised(picture: np.ndarray, preset: Preset, engine: TerfEngine) -> np.ndarray:
    """A picture (H, W, 3) after one repetition of the denoising unit of a preset, with an engine's head starts."""
    noisy = to_tensor(picture, engine.device)
    unit = Denoising(noisy, preset.denoising, preset.denoising_channels, preset.seed, engine.head_starts)
    return to_array(tune(unit, noisy)[0])


def noise_measure(picture: np.ndarray, level: float, preset: Preset, engine: TerfEngine) -> Measure:
    """Noise added to a picture (H, W, 3) and removed again.

    Returns:
        noisy_psnr, psnr and removed, their difference, in dB; gradient_kept, the gradient of the denoised luma along
        the clean one's over the clean one's; noisy_Qabf and Qabf, how much of the clean picture's edges the noisy and
        the denoised one have. No fusion is involved, so that the clean picture is both of Qabf's sources.
    """
    noisy = with_noise(picture, level)
    result = denoised(noisy, preset, engine)
    clean_gradient, gradient = (np.stack(np.gradient(image_luma(image))) for image in (picture, result))
    kept = float((gradient * clean_gradient).sum() / max(float((clean_gradient**2).sum()), 1e-12))
    before, after = psnr(noisy, picture), psnr(result, picture)
    clean = to_grey(to_8bit(picture))
    edges = {
        name: fusion_metrics(clean, clean, to_grey(to_8bit(image)), ["Qabf"])["Qabf"]
        for name, image in (("noisy_Qabf", noisy), ("Qabf", result))
    }
    return {"noisy_psnr": before, "psnr": after, "removed": after - before, "gradient_kept": kept, **edges}


def task_measure(pair: ImagePair, engine: TerfEngine) -> dict[str, Measure]:
    """The tasks of the paper's table 2 over the whole picture, judged against the clean sources.

    I and II incline towards infrared and visible, III and IV brighten and darken; V fuses with a noisy visible
    picture, VI removes the noise of that fusion, VII that of the visible picture before it is fused.

    Returns:
        Task -> TASK_METRICS. SSIM is the mean over both sources, as in the paper, not the sum.
    """
    noisy = replace(pair, visible=with_noise(pair.visible, TASK_NOISE))
    clean_first = replace(pair, visible=denoised(noisy.visible, engine.preset, engine))

    def fuse(of: ImagePair, effect: str | None = None) -> np.ndarray:
        return engine.fuse(of, Instruction(edits=() if effect is None else (Edit(None, effect),))).image

    images = {
        "baseline": fuse(pair),
        "I": fuse(pair, "infrared"),
        "II": fuse(pair, "visible"),
        "III": fuse(pair, "brighten"),
        "IV": fuse(pair, "darken"),
        "V": fuse(noisy),
        "VI": fuse(noisy, "denoise"),
        "VII": fuse(clean_first),
    }
    sources = to_8bit(pair.infrared), to_grey(to_8bit(pair.visible))
    measures = {task: fusion_metrics(*sources, to_grey(to_8bit(image)), TASK_METRICS) for task, image in images.items()}
    for values in measures.values():
        values["SSIM"] /= 2.0
    return measures


def typical_region(masks: list[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """Of several bool masks (H, W) the one whose size is nearest to a tenth of the picture.

    Those that are empty or leave less than a fiftieth outside are passed over; without any other, the middle ninth.
    """
    usable = [mask for mask in masks if 0.0 < mask.mean() <= 0.98]
    if usable:
        return min(usable, key=lambda mask: abs(float(mask.mean()) - 0.1))
    height, width = shape
    middle = np.zeros(shape, bool)
    middle[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3] = True
    return middle
