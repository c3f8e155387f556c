"""Text-IF as an engine: the sentence says what is wrong with the pictures, and the fused one comes out without it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.checkpoints import load_safetensors, load_strict, weight_file
from engines.color import image_luma
from engines.device import torch_device
from engines.errors import InputError
from engines.interrupting import hears_stop
from engines.masks import certain, mask_box
from engines.pair_cache import PairCache
from engines.published_file import is_published
from engines.regions import RegionMasker
from engines.regions.backends import build_masker
from engines.regions.composed import region_of
from engines.regions.options import RegionOptions
from engines.terf.compose import composite, soft_weights
from engines.text_encoder import text_encoder
from engines.text_if.clip import ClipText, hub_text_tower
from engines.text_if.config import TextIfConfig
from engines.text_if.model import Composed, TextIf
from engines.text_if.published import converted
from engines.text_if.remarks import remarks, unchanged
from engines.text_if.requests import (
    others_of,
    places_of,
    repeats,
    sentence_elsewhere,
    sentences_inside,
    whole_sentence,
)
from engines.text_if.sentences import DEFAULT_SENTENCE, SentenceEncoder, WordMean
from engines.text_if.tiled import fits_whole, fused_in_pieces
from engines.types import Edit, FusionResult, ImagePair, Instruction, Progress, Region
from engines.whole_picture import whole_picture

# Of default fusions kept, one of 20 megapixels, and as much of encoded pairs, about twenty of 640×480.
_CACHE_BYTES = 250_000_000
_KNOWN_SENTENCES = 256


class TextIfEngine:
    """Degradation-aware fusion guided by a sentence (Yi et al., Text-IF, CVPR 2024).

    The whole sentence is what the network reads. Where it names places in the scene, its change is kept to them, and
    the rest of the picture is fused as the rest of the sentence says. A strength of 2 or 3 goes that many times as far
    from the picture around, or from the default fusion; denoising is done that many times over. Of a plan that the
    person set, the edits are read in place of the words.
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
        notes = remarks(instruction, sentence, self._can_repeat)
        if truncated:
            limit = self.load()[1].max_words
            notes.append(f"The text encoder reads {limit} word pieces, so the end of the sentence was left out.")
        seconds["text"] = time.perf_counter() - start
        report(0.1, "Fusing")
        carry_out = self._in_places if places_of(instruction) else self._everywhere
        result = carry_out(pair, instruction, report)
        result.notes[:0] = notes
        result.seconds = seconds | result.seconds
        report(1.0, "Done")
        return result

    def _everywhere(self, pair: ImagePair, instruction: Instruction, report: Progress) -> FusionResult:
        """The picture as the sentence says, for an instruction that names no places."""
        start = time.perf_counter()
        edits = others_of(instruction)
        image, _ = self._as_far(pair, whole_sentence(instruction), edits, _between(report, 0.1, 0.95, "Fusing"))
        seconds = {"fuse": time.perf_counter() - start}
        if not edits:
            return FusionResult(image=image.copy(), seconds=seconds)
        whole = whole_picture(pair.shape)
        return FusionResult(image=image.copy(), mask=whole.mask, regions=[whole] * len(edits), seconds=seconds)

    def _in_places(self, pair: ImagePair, instruction: Instruction, report: Progress) -> FusionResult:
        """The guided pictures inside the regions named, and what is said of the whole picture everywhere else."""
        seconds, notes = {}, []
        start = time.perf_counter()
        elsewhere, groups = sentence_elsewhere(instruction), sentences_inside(instruction)
        firsts = []
        for done, (sentence, _) in enumerate(groups):
            low, share = 0.1 + 0.3 * done / len(groups), 0.3 / len(groups)
            firsts.append(self._fused(pair, sentence, _between(report, low, low + share, "Fusing")))
        seconds["fuse"] = time.perf_counter() - start
        start = time.perf_counter()
        report(0.4, "Fusing without the regions' words")
        around, once = self._as_far(
            pair, elsewhere, others_of(instruction), _between(report, 0.4, 0.7, "Fusing without the regions' words")
        )
        seconds["fuse without the regions' words"] = time.perf_counter() - start
        start = time.perf_counter()
        places = places_of(instruction)
        phrases = list(dict.fromkeys(edit.region for edit in places))
        found: dict[str, Region] = {}
        for done, phrase in enumerate(phrases):
            report(0.7 + 0.2 * done / len(phrases), f"Looking for “{phrase}”")
            known = [*instruction.regions, *found.values()]
            region = region_of(phrase, pair, lambda named: self.masker.mask(named, pair, around), known)
            found[phrase] = region
            notes += region.notes
            if mask_box(region.mask) is None:
                notes.append(f"“{phrase}” was not found, so nothing was changed for it.")
        image = around.copy()
        for done, ((sentence, edits), first) in enumerate(zip(groups, firsts, strict=True)):
            low, share = 0.9 + 0.1 * done / len(groups), 0.1 / len(groups)
            masks = [found[edit.region].mask for edit in edits]
            mask = np.maximum.reduce(masks)
            if mask_box(mask) is not None:
                told = _between(report, low, low + share, "Fusing")
                inside = self._inside(pair, sentence, edits, masks, first, (around, once), told)
                image = composite(image, inside, soft_weights(mask, image_luma(around)))
        change = np.abs(image_luma(image) - image_luma(around))
        if any(mask_box(region.mask) is not None for region in found.values()):
            rest = "the default fusion" if elsewhere == DEFAULT_SENTENCE else f"fused as “{elsewhere}” says"
            notes.append(f"The sentence was applied inside the regions it names; the rest is {rest}.")
            notes += unchanged(found, change)
        whole = whole_picture(pair.shape)
        regions = [found[edit.region] if edit in places else whole for edit in instruction.edits]
        mask = np.maximum.reduce([region.mask for region in regions])
        seconds["mask"] = time.perf_counter() - start
        return FusionResult(image, mask, regions, {"change by the sentence": change}, seconds, notes)

    def _as_far(
        self, pair: ImagePair, sentence: str, edits: list[Edit], progress: Callable[[float], None]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The picture of a sentence about the whole, as far as its strongest edit says, and with strength 1.

        Returns:
            Two float32 (H, W, 3) in [0, 1], not to be changed; one and the same where no edit is stronger than 1.
        """
        once = self._picture_around(pair, sentence, progress)
        strongest = max(edits, key=lambda edit: (edit.strength, edit.effect == "denoise"), default=None)
        if strongest is None or strongest.strength == 1:
            return once, once
        default = self._picture_around(pair, DEFAULT_SENTENCE, progress)
        return self._further(pair, sentence, strongest, default, once, progress), once

    def _inside(
        self,
        pair: ImagePair,
        sentence: str,
        edits: list[Edit],
        masks: list[np.ndarray],
        first: np.ndarray,
        rest: tuple[np.ndarray, np.ndarray],
        progress: Callable[[float], None],
    ) -> np.ndarray:
        """What stands inside the places that one sentence names.

        Args:
            pair: The pictures.
            sentence: What is read there.
            edits: Those it serves.
            masks: Where, one float32 (H, W) in [0, 1] per edit.
            first: The picture of the sentence with strength 1, which is the answer where no edit is stronger.
            rest: The picture around, as far as its own strength says and with strength 1.
            progress: May raise Cancelled.

        Returns:
            float32 (H, W, 3) in [0, 1].
        """
        around, once = rest
        inside = first
        for edit, mask in sorted(zip(edits, masks, strict=True), key=lambda one: one[0].strength):
            if edit.strength > 1:
                further = self._further(pair, sentence, edit, once, first, progress)
                inside = inside + certain(mask)[..., None] * (further - inside)
        # How strongly the whole picture is changed holds in its places, too.
        return inside if around is once else np.clip(inside + (around - once), 0.0, 1.0)

    def _further(
        self,
        pair: ImagePair,
        sentence: str,
        edit: Edit,
        around: np.ndarray,
        first: np.ndarray,
        progress: Callable[[float], None],
    ) -> np.ndarray:
        """What a strength above 1 makes of the change from `around` to `first`, float32 (H, W, 3) in [0, 1]."""
        if not repeats(edit):
            return np.clip(around + edit.strength * (first - around), 0.0, 1.0)
        return self._fused(pair, sentence, progress, edit.strength) if self._can_repeat else first

    @property
    def _can_repeat(self) -> bool:
        """Whether the network gives its restored sources, which can be restored further."""
        return self.load()[0].config.restores_sources

    def _picture_around(self, pair: ImagePair, sentence: str, progress: Callable[[float], None]) -> np.ndarray:
        """A sentence's picture; the default one's is kept for the next sentence on the same pair. Not to be changed."""
        if sentence != DEFAULT_SENTENCE:
            return self._fused(pair, sentence, progress)

        def make() -> tuple[np.ndarray, int]:
            image = self._fused(pair, DEFAULT_SENTENCE, progress)
            return image, image.nbytes

        return self._plain.get(pair, make)

    @torch.inference_mode()
    def _fused(self, pair: ImagePair, sentence: str, progress: Callable[[float], None], passes: int = 1) -> np.ndarray:
        """float32 (H, W, 3), RGB in [0, 1], edges continued to what the network halves.

        Every pass after the first is given the sources that the one before restored.
        """
        network, _ = self.load()
        text, _ = self._read(sentence)
        bottom, right = (-side % network.config.multiple for side in pair.shape)
        visible = torch.from_numpy(pair.visible).permute(2, 0, 1)[None].to(self.device)
        infrared = torch.from_numpy(pair.infrared)[None, None].to(self.device)
        visible, infrared = (
            F.pad(picture, (0, right, 0, bottom), mode="replicate").contiguous(memory_format=torch.channels_last)
            for picture in (visible, infrared)
        )
        fused = self._composed(pair, visible, infrared, text, partial(_shared, progress, 0, passes), passes > 1)
        for done in range(1, passes):
            progress(done / passes)
            visible, infrared = (
                source.clamp(0.0, 1.0).contiguous(memory_format=torch.channels_last)
                for source in (fused.visible, fused.infrared)
            )
            told = partial(_shared, progress, done, passes)
            fused = self._composed(None, visible, infrared, text, told, done + 1 < passes)
        height, width = pair.shape
        image = fused.image[0, :, :height, :width].clamp(0.0, 1.0).permute(1, 2, 0).cpu().numpy()
        if not np.isfinite(image).all():
            raise InputError("The fusion gave no finite picture for this pair: check that both pictures are intact.")
        return np.ascontiguousarray(image)

    def _composed(
        self,
        pair: ImagePair | None,
        visible: Tensor,
        infrared: Tensor,
        text: Tensor,
        progress: Callable[[float], None],
        sources: bool,
    ) -> Composed:
        """One pass of the network, with its restored sources where they are wanted.

        What it knows of a `pair` without a sentence is kept for the next sentence; None keeps nothing.
        """
        network, _ = self.load()
        if not fits_whole(network.config, pair.shape if pair else tuple(infrared.shape[-2:])):
            return fused_in_pieces(network, visible, infrared, text, progress, sources=sources)

        def encoded() -> tuple[list[Tensor], int]:
            features = network.encode(visible, infrared)
            return features, sum(level.nbytes for level in features)

        features = self._encoded.get(pair, encoded) if pair else encoded()[0]
        return network.compose(network.decode(features, text), visible, infrared)

    def _encode(self, sentence: str) -> tuple[Tensor, bool]:
        read = self.load()[1].encode([sentence])
        return read.features.to(self.device), read.truncated[0]


def _between(report: Progress, low: float, high: float, message: str) -> Callable[[float], None]:
    return lambda fraction: report(low + (high - low) * fraction, message)


def _shared(progress: Callable[[float], None], done: int, passes: int, fraction: float) -> None:
    progress((done + fraction) / passes)
