"""The paper's own semantic information generator (section 3.2, eq. 1 to 3): BLIP and a diffusion model.

It needs `pip install diffusers` and weights of some gigabytes, and takes minutes a picture on a processor, so it is
asked for by name (`--semantics paper`). The text semantics go through the embedded text encoder all the same, because
the network was trained with its features.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from torch import Tensor

from engines.errors import CheckpointError
from engines.masks import INSIDE, mask_box
from engines.tesg.semantics import Semantics, soft_rim, union
from engines.types import ImagePair, Region

CAPTIONER = "Salesforce/blip-image-captioning-base"
DIFFUSION = "stable-diffusion-v1-5/stable-diffusion-v1-5"
# Words a caption may use for a key class.
KEYWORDS = {
    "person": "person persons people man men woman women child children boy girl pedestrian pedestrians crowd".split(),
    "car": "car cars vehicle vehicles suv taxi van".split(),
}
# How far the diffusion has gone, of its whole length, and over how many draws of the noise the difference is averaged.
# The paper says neither; these are usual for masks by noise difference.
NOISE_LEVEL, DRAWS = 0.5, 8
# Differences from this quantile on count as the largest: single outliers would leave the rest below the threshold.
_LARGEST = 0.99
# Stable Diffusion's own size, and what its latents shrink and halve by.
_SIDE, _MULTIPLE = 512, 64
# Below this, relative to the noise, the two texts make no difference anywhere.
_NONE = 1e-4

Captioner = Callable[[np.ndarray], str]


class NoisePredictor(Protocol):
    """D_θ of eq. 2."""

    def noise(self, picture: Tensor, texts: Sequence[str], seed: int) -> Tensor:
        """Noise estimated in a picture to which Gaussian noise was added, under each text.

        Args:
            picture: (1, 3, H, W) in [−1, 1], sides multiples of 64.
            texts: One or more.
            seed: Of the noise that is added, the same for every text.

        Returns:
            (texts, c, h, w).
        """
        ...


def without_keywords(text: str, keywords: Sequence[str]) -> str:
    """T̂: the text less these words and the articles in front of them."""
    words = "|".join(re.escape(word) for word in keywords)
    kept = re.sub(rf"\b(?:(?:an?|the|two|three|several|some)\s+)?(?:{words})\b", " ", text, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", kept).strip()


def normalised_mask(first: Tensor, second: Tensor, shape: tuple[int, int]) -> np.ndarray:
    """Δ of eq. 2: where two noise estimates differ, normalised to [0, 1] and cut at one half.

    Args:
        first: (draws, c, h, w), under T.
        second: Likewise, under T̂.
        shape: Height and width of the mask.

    Returns:
        float32 (H, W), 0 or 1; zeros where the estimates are the same.
    """
    difference = (first - second).abs().mean(dim=(0, 1))
    low, high = difference.min(), torch.quantile(difference, _LARGEST)
    if float(high - low) <= _NONE * float(first.abs().mean()):
        return np.zeros(shape, np.float32)
    scaled = ((difference - low) / (high - low)).clamp(0.0, 1.0).cpu().numpy().astype(np.float32)
    return (cv2.resize(scaled, shape[::-1], interpolation=cv2.INTER_LINEAR) >= INSIDE).astype(np.float32)


class DiffusionSemantics:
    """Captions and masks by noise difference."""

    def __init__(self, captioner: Captioner, predictor: NoisePredictor, draws: int = DRAWS) -> None:
        """Remember both models.

        Args:
            captioner: uint8 RGB (H, W, 3) to a sentence.
            predictor: The diffusion model.
            draws: Of the noise, per mask.
        """
        self.captioner, self.predictor, self.draws = captioner, predictor, draws

    def describe(self, pair: ImagePair) -> Semantics:
        """Eq. 1 to 3 for every key class that the caption names."""
        text = self._caption(pair)
        said = set(re.findall(r"\w+", text.lower()))
        named = {name: words for name, words in KEYWORDS.items() if said & set(words)}
        regions = [self._region(name, pair, text, without_keywords(text, words)) for name, words in named.items()]
        return Semantics(soft_rim(union(regions, pair.shape)), text, tuple(regions))

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        """Where the caption's noise estimate changes when the phrase is left out; where need be, it is put in first."""
        text = self._caption(pair)
        less = without_keywords(text, [phrase])
        if less == text:
            text = f"{text} with {phrase}"
        return self._region(phrase, pair, text, less)

    def _caption(self, pair: ImagePair) -> str:
        return self.captioner(np.round(pair.visible * 255.0).astype(np.uint8)).strip()

    def _region(self, label: str, pair: ImagePair, text: str, less: str) -> Region:
        """Eq. 3: the union of both sources' masks."""
        grey = np.repeat(pair.infrared[..., None], 3, axis=2)
        mask = np.maximum(*(self._mask(picture, text, less) for picture in (pair.visible, grey)))
        return Region(label, mask, float(mask.max()), mask_box(mask))

    @torch.inference_mode()
    def _mask(self, picture: np.ndarray, text: str, less: str) -> np.ndarray:
        height, width = picture.shape[:2]
        factor = _SIDE / min(height, width)
        size = tuple(max(_MULTIPLE, round(side * factor / _MULTIPLE) * _MULTIPLE) for side in (width, height))
        seen = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1.0 else cv2.INTER_LINEAR)
        seen = torch.from_numpy(seen).permute(2, 0, 1)[None] * 2.0 - 1.0
        estimates = torch.stack([self.predictor.noise(seen, [text, less], seed) for seed in range(self.draws)], dim=1)
        return normalised_mask(estimates[0], estimates[1], (height, width))


class LatentDiffusion:
    """A noise predictor out of the parts of a latent diffusion pipeline such as Stable Diffusion."""

    def __init__(self, pipeline: Any, level: float = NOISE_LEVEL) -> None:
        """Keep the parts.

        Args:
            pipeline: Has `vae`, `unet`, `scheduler`, `tokenizer` and `text_encoder`, as diffusers' pipelines.
            level: How far the diffusion has gone, in (0, 1).
        """
        self.parts, self.level = pipeline, level

    def noise(self, picture: Tensor, texts: Sequence[str], seed: int) -> Tensor:
        """See `NoisePredictor.noise`."""
        parts = self.parts
        device = parts.unet.device
        latents = parts.vae.encode(picture.to(device)).latent_dist.mean * parts.vae.config.scaling_factor
        noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(seed)).to(latents)
        step = torch.tensor([int(self.level * parts.scheduler.config.num_train_timesteps)], device=device)
        noisy = parts.scheduler.add_noise(latents, noise, step).expand(len(texts), -1, -1, -1)
        tokens = parts.tokenizer(
            list(texts),
            padding="max_length",
            max_length=parts.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        )
        words = parts.text_encoder(tokens["input_ids"].to(device))[0]
        return parts.unet(noisy, step, encoder_hidden_states=words).sample


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CheckpointError(
            f"The paper's semantics need the package {name}: run `pip install {name}`, or leave them out."
        ) from error


def _from_cache(load: Callable[..., Any], name: str) -> Any:
    """Weights that are on this machine; nothing is downloaded unasked."""
    try:
        return load(name, local_files_only=True)
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"The paper's semantics need {name}, which is not on this machine: fetch it once with `hf download {name}`."
        ) from error


def paper_semantics(device: torch.device) -> DiffusionSemantics:
    """BLIP and Stable Diffusion from the local cache.

    Raises:
        CheckpointError: A package or weights are missing; the message says how to get them.
    """
    diffusers, transformers = _package("diffusers"), _package("transformers")
    processor = _from_cache(transformers.BlipProcessor.from_pretrained, CAPTIONER)
    blip = _from_cache(transformers.BlipForConditionalGeneration.from_pretrained, CAPTIONER).to(device).eval()
    pipeline = _from_cache(diffusers.StableDiffusionPipeline.from_pretrained, DIFFUSION).to(device)

    @torch.inference_mode()
    def captioner(picture: np.ndarray) -> str:
        inputs = processor(images=picture, return_tensors="pt").to(device)
        return processor.decode(blip.generate(**inputs, max_new_tokens=40)[0], skip_special_tokens=True)

    return DiffusionSemantics(captioner, LatentDiffusion(pipeline))
