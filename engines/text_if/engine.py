"""Text-IF as an engine: the sentence says what is wrong with the pictures, and the fused one comes out without it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.checkpoints import load_safetensors, load_strict, weight_file
from engines.color import image_luma
from engines.device import torch_device
from engines.errors import InputError
from engines.interrupting import hears_stop
from engines.masks import mask_box
from engines.pair_cache import PairCache
from engines.published_file import is_published
from engines.regions import RegionMasker
from engines.regions.backends import build_masker
from engines.regions.options import RegionOptions
from engines.terf.compose import composite, soft_weights
from engines.text_encoder import text_encoder
from engines.text_if.clip import ClipText, hub_text_tower
from engines.text_if.config import TextIfConfig
from engines.text_if.model import TextIf
from engines.text_if.published import converted
from engines.text_if.requests import places_of, sentence_elsewhere, whole_sentence
from engines.text_if.sentences import DEFAULT_SENTENCE, SentenceEncoder, WordMean
from engines.text_if.tiled import fits_whole, fused_in_pieces
from engines.types import Edit, FusionResult, ImagePair, Instruction, Progress, Region

# Of default fusions kept, one of 20 megapixels, and as much of encoded pairs, about twenty of 640×480.
_CACHE_BYTES = 250_000_000
_KNOWN_SENTENCES = 256


class TextIfEngine:
    """Degradation-aware fusion guided by a sentence (Yi et al., Text-IF, CVPR 2024).

    The whole sentence is what the network reads. Where it names places in the scene, its change is kept to them, and
    the rest of the picture is fused as the rest of the sentence says.
    """

    name = "text-if"
    title = "Text-IF"
    paper = "Text-IF: Leveraging Semantic Text Guidance for Degradation-Aware and Interactive Image Fusion, CVPR 2024"

    def __init__(
        self,
        checkpoint: str | None = None,
        device: str = "auto",
        masker: RegionMasker | None = None,
        regions: RegionOptions | None = None,
    ) -> None:
        """Remember what to load; weights are read at the first fusion.

        Args:
            checkpoint: A registry name, a weight file of ours or one in the published format; None for the embedded
                one.
            device: "auto", "cpu" or "cuda".
            masker: Finds regions; None for the one of `regions`.
            regions: Which masker, and how it looks; None for the defaults.
        """
        self.checkpoint, self.device = checkpoint, torch_device(device)
        self.masker = masker or build_masker(regions or RegionOptions(), device)
        self._loaded: tuple[TextIf, SentenceEncoder] | None = None
        self._plain: PairCache[np.ndarray] = PairCache(_CACHE_BYTES)
        self._encoded: PairCache[list[Tensor]] = PairCache(_CACHE_BYTES)
        self._read = lru_cache(_KNOWN_SENTENCES)(self._encode)
        self._lock = threading.Lock()

    def load(self) -> tuple[TextIf, SentenceEncoder]:
        """The network and what reads sentences for it, built once.

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit, or the text encoder is missing.
        """
        with self._lock:
            if self._loaded is None:
                path = weight_file(self.name, self.checkpoint)
                tower = None
                if is_published(path):
                    published = converted(path)
                    path, tower = published.weights, published.text_tower
                state, configuration = load_safetensors(path)
                config = TextIfConfig.from_dict(configuration)
                with torch.device("meta"):
                    network = TextIf(config)
                network = network.to_empty(device="cpu")
                load_strict(network, {name: value.float() for name, value in state.items()}, path.name)
                network = network.to(self.device, memory_format=torch.channels_last).eval().requires_grad_(False)
                if config.text_encoder == "clip":
                    encoder: SentenceEncoder = ClipText(tower or hub_text_tower(), config.max_words)
                else:
                    encoder = WordMean(text_encoder(config.text_encoder, config.max_words))
                self._loaded = network, encoder
            return self._loaded

    @hears_stop
    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse a pair as instructed; see `engines.types.Engine.fuse`.

        Raises:
            CheckpointError: A checkpoint or the text encoder is missing, damaged or does not fit.
            Cancelled: Raised by `progress`.
        """
        report = progress or (lambda fraction, message: None)
        seconds: dict[str, float] = {}
        start = time.perf_counter()
        report(0.0, "Reading the sentence")
        self.load()
        seconds["load"] = time.perf_counter() - start
        start = time.perf_counter()
        sentence = whole_sentence(instruction)
        _, truncated = self._read(sentence)
        notes = []
        if truncated:
            limit = self.load()[1].max_words
            notes.append(f"The text encoder reads {limit} word pieces, so the end of the sentence was left out.")
        seconds["text"] = time.perf_counter() - start
        start = time.perf_counter()
        report(0.1, "Fusing")
        places = places_of(instruction)
        share = 0.3 if places else 0.85
        image = self._fused(pair, sentence, lambda fraction: report(0.1 + share * fraction, "Fusing"))
        seconds["fuse"] = time.perf_counter() - start
        if not places:
            report(1.0, "Done")
            return FusionResult(image=image, seconds=seconds, notes=notes)
        result = self._kept_to_places(pair, instruction, places, image, report)
        result.notes[:0] = notes
        result.seconds = seconds | result.seconds
        report(1.0, "Done")
        return result

    def _kept_to_places(
        self, pair: ImagePair, instruction: Instruction, places: list[Edit], guided: np.ndarray, report: Progress
    ) -> FusionResult:
        """The guided picture inside the regions named, and what is said of the whole picture everywhere else."""
        seconds, notes = {}, []
        start = time.perf_counter()
        elsewhere = sentence_elsewhere(instruction)
        around = self._picture_around(
            pair, elsewhere, lambda fraction: report(0.4 + 0.3 * fraction, "Fusing without the regions' words")
        )
        seconds["fuse without the regions' words"] = time.perf_counter() - start
        start = time.perf_counter()
        regions: list[Region] = []
        for done, edit in enumerate(places):
            report(0.7 + 0.3 * done / len(places), f"Looking for “{edit.region}”")
            earlier = next((region for region in regions if region.label == edit.region), None)
            region = earlier or instruction.known_region(edit.region) or self.masker.mask(edit.region, pair, around)
            regions.append(region)
            notes += region.notes
            if mask_box(region.mask) is None:
                notes.append(f"“{edit.region}” was not found, so nothing was changed for it.")
        mask = np.maximum.reduce([region.mask for region in regions])
        image = around.copy()
        rest = "the default fusion" if elsewhere == DEFAULT_SENTENCE else f"fused as “{elsewhere}” says"
        if mask_box(mask) is not None:
            image = composite(around, guided, soft_weights(mask, image_luma(around)))
            notes.append(f"The sentence was applied inside the regions it names; the rest is {rest}.")
        seconds["mask"] = time.perf_counter() - start
        change = np.abs(image_luma(image) - image_luma(around))
        return FusionResult(
            image, mask, regions, {"change by the sentence": change}, seconds, list(dict.fromkeys(notes))
        )

    def _picture_around(self, pair: ImagePair, sentence: str, progress: Callable[[float], None]) -> np.ndarray:
        """A sentence's picture; the default one's is kept for the next sentence on the same pair. Not to be changed."""
        if sentence != DEFAULT_SENTENCE:
            return self._fused(pair, sentence, progress)

        def make() -> tuple[np.ndarray, int]:
            image = self._fused(pair, DEFAULT_SENTENCE, progress)
            return image, image.nbytes

        return self._plain.get(pair, make)

    @torch.inference_mode()
    def _fused(self, pair: ImagePair, sentence: str, progress: Callable[[float], None]) -> np.ndarray:
        """float32 (H, W, 3), RGB in [0, 1], edges continued to what the network halves."""
        network, _ = self.load()
        text, _ = self._read(sentence)
        bottom, right = (-side % network.config.multiple for side in pair.shape)
        visible = torch.from_numpy(pair.visible).permute(2, 0, 1)[None].to(self.device)
        infrared = torch.from_numpy(pair.infrared)[None, None].to(self.device)
        visible, infrared = (
            F.pad(picture, (0, right, 0, bottom), mode="replicate").contiguous(memory_format=torch.channels_last)
            for picture in (visible, infrared)
        )
        if fits_whole(network.config, pair.shape):
            features = self._encoded.get(pair, lambda: _with_size(network.encode(visible, infrared)))
            fused = network.compose(network.decode(features, text), visible, infrared).image
        else:
            fused = fused_in_pieces(network, visible, infrared, text, progress)
        height, width = pair.shape
        image = fused[0, :, :height, :width].clamp(0.0, 1.0).permute(1, 2, 0).cpu().numpy()
        if not np.isfinite(image).all():
            raise InputError("The fusion gave no finite picture for this pair: check that both pictures are intact.")
        return np.ascontiguousarray(image)

    def _encode(self, sentence: str) -> tuple[Tensor, bool]:
        read = self.load()[1].encode([sentence])
        return read.features.to(self.device), read.truncated[0]


def _with_size(features: list[Tensor]) -> tuple[list[Tensor], int]:
    return features, sum(level.nbytes for level in features)
