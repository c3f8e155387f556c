"""RIS-FUSION as an engine: the sentence changes the fusion, and the head says where it refers to."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from engines.checkpoints import load_safetensors, load_strict, weight_file
from engines.classical.guided import guided_upsampling
from engines.color import image_luma, with_luma
from engines.dark_rims import without_blots, without_rims
from engines.device import torch_device
from engines.errors import CheckpointError, InputError
from engines.folding import folded
from engines.interrupting import hears_stop
from engines.masks import INSIDE, mask_box, strength_map
from engines.mirrored_sentence import mirrored_sentence
from engines.pair_cache import PairCache
from engines.published_file import is_published
from engines.regions.composed import region_of, told_words
from engines.regions.familiar import in_familiar_words
from engines.regions.geometry import read_choice
from engines.regions.meant import Evidence
from engines.regions.pieces import kept_pieces
from engines.regions.road_marks import on_paint
from engines.ris_fusion.compact_net import Scenery
from engines.ris_fusion.config import CompactConfig, RisFusionConfig
from engines.ris_fusion.emphasis import emphasise
from engines.ris_fusion.model import RisFusionModel
from engines.ris_fusion.published import converted
from engines.text_encoder import TextEncoder, text_encoder
from engines.tiling import tiles
from engines.types import Edit, FusionResult, ImagePair, Instruction, Progress, Region
from engines.whole_picture import nowhere

# Larger pictures are fused in pieces at full size; what the words change is worked out at this many pixels, near those
# the network learnt at, and added. On 12 street pairs, fusing at a quarter of the side and putting the visible detail
# back gave Qabf 0.512 and VIF 0.705, where full size gave 0.532 and 0.771.
_MAX_PIXELS = 1_600_000
# The fusion network halves its pictures three times.
_MULTIPLE = 8
# Pieces are read with more context than convolutions on four levels and back see: a test compares them with the whole.
_SIDE, _CONTEXT = 768, 64
# Several pairs of 640×480 pixels, or one of 20 megapixels.
_CACHE_BYTES = 320_000_000
_KNOWN_PHRASES = 256
# Of the guided filter that fits masks to edges: how flat a window counts as without edges, and the logits beyond which
# it does not matter how sure the head is.
_EDGE_EPSILON, _SURE = 1e-3, 4.0
# Around what words lift, the small network darkens what the mask has of its surroundings, in spots. By so much it may.
_DARKENED = 0.03


@dataclass(frozen=True)
class _Words:
    """Word features of one or several phrases, (1, N, d) and (1, N)."""

    features: Tensor
    mask: Tensor
    truncated: bool


@dataclass(frozen=True)
class _EncodedPair:
    """What does not change with the words.

    Attributes:
        y: The visible luma (1, 1, h, w) at the working size.
        levels: Of both encoders; the upper two, which are only ever averaged, are the average in both.
        plain: For a picture larger than the working size, what it is without words: fused luma at the working size,
            (1, 1, h, w), and its full-size difference to the visible luma, float32 (H, W).
        notes: What the person should know.
    """

    y: Tensor
    levels: tuple[list[Tensor], list[Tensor]]
    plain: tuple[Tensor, np.ndarray] | None
    notes: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """Of memory."""
        tensors = {id(t): t for t in (self.y, *self.levels[0], *self.levels[1])}
        if self.plain is not None:
            tensors |= {id(t): t for t in self.plain}
        return sum(t.nbytes for t in tensors.values())


class RisFusionEngine:
    """Text-driven fusion with a referring mask (Ma et al., RIS-FUSION)."""

    name = "ris-fusion"
    title = "RIS-FUSION"
    paper = "RIS-FUSION: Rethinking Text-Driven Infrared and Visible Image Fusion from the Perspective of RIS"

    def __init__(self, checkpoint: str | None = None, device: str = "auto") -> None:
        """Load weights.

        Args:
            checkpoint: A registry name, a weight file of ours or one in the published format; None for the embedded
                one.
            device: "auto", "cpu" or "cuda".

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit.
        """
        path = weight_file(self.name, checkpoint)
        own_words = None
        if is_published(path):
            published = converted(path)
            path, own_words = published.weights, published.text_encoder
        state, configuration = load_safetensors(path)
        self.config = _read_config(configuration, path.name)
        self.device = torch_device(device)
        with torch.device("meta"):
            model = RisFusionModel(self.config)
        model = model.to_empty(device="cpu")
        load_strict(model, {k: v.float() if v.is_floating_point() else v for k, v in state.items()}, path.name)
        self.model = model.to(self.device, memory_format=torch.channels_last).eval().requires_grad_(False)
        self._net = folded(self.model.prefusion_model.net)
        self._head = folded(self.model.model)
        self._pairs: PairCache[_EncodedPair] = PairCache(_CACHE_BYTES)
        self._plains: PairCache[Tensor] = PairCache(_CACHE_BYTES // 16)
        self._encode = lru_cache(_KNOWN_PHRASES)(self._read)
        if own_words is None:
            self.encoder = text_encoder(self.config.text_encoder, self.config.max_words, self.config.keeps_end)
        else:
            self.encoder = TextEncoder(own_words, self.config.max_words, self.config.keeps_end)
        # Published heads read more words.
        compact = isinstance(self.config.segmentation, CompactConfig)
        self._familiar = in_familiar_words if compact else str

    @hears_stop
    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse with the regions of the instruction as words, and segment each of them.

        Every region is a referring expression. With several, the fusion attends to the words of all, and the head
        segments one after another, apart from those that the instruction knows already. Of a phrase that leaves
        something out the fusion hears only what is meant, see `engines.regions.composed`. What the words change is
        kept inside the regions, where a strength of 2 or 3 goes that many times as far from the plain fusion, which is
        what there is outside: the network's gates are coarse, and their change fades out around a thing as a halo. What
        is found is lifted inside its mask by what the network's change falls short of, as far as its own strength says,
        see `engines.ris_fusion.emphasis`.
        """
        edits = [edit for edit in instruction.edits if edit.region]
        phrases, strengths = [edit.region for edit in edits], [edit.strength for edit in edits]
        notes = _remarks(instruction.edits)
        result = self._run(pair, told_words(phrases), phrases, notes, progress, instruction.regions, strengths)
        if any(region.box for region in result.regions):
            result.notes.append("What was found was also lifted inside its mask, where the network did less.")
        found = iter(result.regions)
        result.regions = [next(found) if edit.region else nowhere(pair.shape) for edit in instruction.edits]
        return result

    def locate(self, phrase: str, pair: ImagePair) -> Region:
        """Where `phrase` refers to; the mask is all zeros where nothing is found.

        Of several things marked, those are kept that words of position single out, here and wherever the head looks,
        see `engines.regions.pieces`.
        """
        return self._run(pair, [phrase], [phrase], [], None).regions[0]

    @torch.inference_mode()
    def attention(self, pair: ImagePair, phrases: Sequence[str]) -> dict[str, np.ndarray]:
        """Where the fusion attends to each word of the phrases (eq. 1), at the finer of its two levels.

        Returns:
            float32 (H, W) in [0, 1] by "attention, “word”", the mean of the heads, summed over a word's pieces and over
            words said twice; and what went to the marks around the phrases. 1 in sum. Empty without phrases.
        """
        if not phrases or not self.config.fusion.language:
            return {}
        encoded = self._encode_pair(pair)
        features, _ = self._joined([self._encode(phrase) for phrase in phrases])
        both = torch.cat([level[2] for level in encoded.levels], dim=1)
        weights = self._net.lang_l3.pwam.attention(both, self._net.txt(features))[0]
        maps: dict[str, Tensor] = {}
        for word, weight in zip(
            (w for phrase in phrases for w in self.encoder.words_of(self._familiar(phrase))), weights, strict=True
        ):
            name = "attention, start and end of the phrase" if word is None else f"attention, “{word}”"
            maps[name] = maps[name] + weight if name in maps else weight
        return {name: self._to_map(weight[None, None], encoded, pair.shape) for name, weight in maps.items()}

    @torch.inference_mode()
    def segment(
        self, image: np.ndarray, phrases: Sequence[str], head_size: tuple[int, int] | None = None
    ) -> Iterator[Region]:
        """Where each phrase refers to in a picture that any method fused (the paper's Table 1, "+RIS").

        Args:
            image: float32 (H, W, 3), RGB in [0, 1].
            phrases: Referring expressions.
            head_size: Height and width at which the head sees the picture; None keeps the picture's aspect.
        """
        seen = self._look(torch.from_numpy(image).permute(2, 0, 1)[None].to(self.device), head_size)
        guide = image_luma(image)
        for phrase in phrases:
            yield self._segment(seen, phrase, image, guide)

    @torch.inference_mode()
    def refer(
        self, pair: ImagePair, phrases: Sequence[str], head_size: tuple[int, int] | None = None
    ) -> Iterator[tuple[np.ndarray, Region]]:
        """Fuse with one phrase after the other, and segment each in its own fused picture; nothing is emphasised.

        Yields:
            The fused picture, float32 (H, W, 3), and the region, as `fuse` makes them; the pair is encoded once.
        """
        encoded = self._encode_pair(pair)
        for phrase in phrases:
            rgb, image, *_ = self._decode_pair(pair, encoded, [self._encode(phrase)])
            yield image, self._segment(self._look(rgb, head_size), phrase, image, image_luma(image))

    @torch.inference_mode()
    def _run(
        self,
        pair: ImagePair,
        told: list[str],
        sought: list[str],
        notes: list[str],
        progress: Progress | None,
        known: Sequence[Region] = (),
        strengths: Sequence[int] | None = None,
    ) -> FusionResult:
        """Fuse with the phrases `told`, then segment the phrases `sought` whose regions are not `known`.

        With `strengths`, one per phrase sought, what the words change is kept inside the regions, as far as each says,
        and what is found is lifted; without them the picture is as the network made it.
        """
        given = {region.label for region in known}
        report = progress or (lambda fraction, message: None)
        seconds: dict[str, float] = {}
        start = time.perf_counter()
        report(0.0, "Reading the words")
        words = [self._encode(phrase) for phrase in told]
        seconds["text"] = time.perf_counter() - start

        start = time.perf_counter()
        report(0.2, "Fusing")
        encoded = self._encode_pair(pair)
        notes += encoded.notes
        rgb, image, fused, gates = self._decode_pair(pair, encoded, words)
        seconds["fuse"] = time.perf_counter() - start

        start = time.perf_counter()
        seen, guide = None, image_luma(image)

        def segmented(phrase: str) -> Region:
            nonlocal seen
            # The head looks once, and only where there is something to look for.
            seen = self._look(rgb) if seen is None else seen
            return self._segment(seen, phrase, image, guide)

        regions: list[Region] = []
        for i, phrase in enumerate(sought):
            report(0.6 + 0.4 * i / len(sought), f"Looking for “{phrase}”")
            region = region_of(phrase, pair, segmented, [*known, *regions])
            notes += self._cut(phrase, self._encode(phrase)) if phrase in given else region.notes
            regions.append(region)
            if region.box is None:
                notes.append(f"“{phrase}” was not found in the picture.")
        if sought:
            seconds["mask"] = time.perf_counter() - start
        if strengths is not None:
            image = with_luma(pair.visible, self._delivered(pair, encoded, fused, guide, regions, strengths))
        report(1.0, "Done")
        mask = np.maximum.reduce([region.mask for region in regions]) if regions else None
        maps = {f"gate α, {level}": self._to_map(gate, encoded, pair.shape) for level, gate in gates.items()}
        return FusionResult(image=image, mask=mask, regions=regions, maps=maps, seconds=seconds, notes=notes)

    def _delivered(
        self,
        pair: ImagePair,
        encoded: _EncodedPair,
        fused: Tensor,
        luma: np.ndarray,
        regions: Sequence[Region],
        strengths: Sequence[int],
    ) -> np.ndarray:
        """The luma as it is shown, of the one that the network made: the words' change in its regions, and they lifted.

        `luma` has the pair's size, as what is returned, `fused` the working size.
        """
        by_words = self._by_words(pair, encoded, fused) if regions else np.zeros_like(luma)
        plain = luma - by_words
        if self.config.lifts_dark:
            sources = image_luma(pair.visible), pair.infrared
            plain = without_blots(without_rims(plain, *sources), *sources)
        if not regions:
            return plain
        amount = strength_map([region.mask for region in regions], strengths, pair.shape, elsewhere=0.0)
        done = amount * (np.maximum(by_words, -_DARKENED) if self.config.lifts_dark else by_words)
        y = plain + done
        for region, strength in zip(regions, strengths, strict=True):
            y = emphasise(y, region.mask, strength, done)
        return y

    def _cut(self, phrase: str, words: _Words) -> tuple[str, ...]:
        """That the end of a phrase was not read; empty where it was."""
        limit = self.config.max_words
        note = f"The text encoder reads {limit} word pieces, so the end of “{phrase}” was left out."
        return (note,) if words.truncated else ()

    def _read(self, phrase: str) -> _Words:
        encoded = self.encoder.encode([self._familiar(phrase)])
        return _Words(encoded.words.to(self.device), encoded.mask.to(self.device), encoded.truncated[0])

    def _encode_pair(self, pair: ImagePair) -> _EncodedPair:
        """What the words do not change, kept for the next sentence on the same pair."""

        def make() -> tuple[_EncodedPair, int]:
            encoded = self._make_encoded(pair)
            return encoded, encoded.bytes

        return self._pairs.get(pair, make)

    def _make_encoded(self, pair: ImagePair) -> _EncodedPair:
        y = torch.from_numpy(image_luma(pair.visible))[None, None].to(self.device)
        infrared = torch.from_numpy(pair.infrared)[None, None].to(self.device)
        height, width = pair.shape
        scale = (_MAX_PIXELS / (height * width)) ** 0.5
        if scale >= 1:
            return _EncodedPair(y, self._levels(y, infrared), None, ())
        size = (max(8, round(height * scale)), max(8, round(width * scale)))
        small_y, small_infrared = (F.interpolate(t, size=size, mode="bilinear", antialias=True) for t in (y, infrared))
        levels = self._levels(small_y, small_infrared)
        note = (
            f"The picture was fused at {width}×{height} in pieces, and what the words change was worked out at "
            f"{size[1]}×{size[0]}."
        )
        small_plain, _ = self._net.decode(*levels, *self._joined([]))
        return _EncodedPair(small_y, levels, (small_plain, self._change_in_pieces(y, infrared)), (note,))

    def _levels(self, y: Tensor, infrared: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Both encoders' levels of (1, 1, h, w), their edges continued to what the network halves."""
        bottom, right = (-side % _MULTIPLE for side in y.shape[-2:])
        padded = (F.pad(t, (0, right, 0, bottom), mode="replicate") for t in (y, infrared))
        visible, thermal = (self._net.encode(t, stream) for t, stream in zip(padded, ("y", "i"), strict=True))
        averaged = [(a + b) / 2 for a, b in zip(visible[:2], thermal[:2], strict=True)]
        return averaged + visible[2:], averaged + thermal[2:]

    def _change_in_pieces(self, y: Tensor, infrared: Tensor) -> np.ndarray:
        """Fused without words less visible luma, float32 (H, W), as in one go but for rounding."""
        change = np.empty(y.shape[-2:], np.float32)
        for tile in tiles(change.shape, _SIDE, _CONTEXT):
            read = (..., *tile.read)
            fused, _ = self._net.decode(*self._levels(y[read], infrared[read]), *self._joined([]))
            rows, columns = y[read].shape[-2:]
            difference = fused[..., :rows, :columns] - y[read]
            change[tile.keep] = difference[0, 0][tile.inner].cpu().numpy()
        return change

    def _decode_pair(
        self, pair: ImagePair, encoded: _EncodedPair, told: list[_Words]
    ) -> tuple[Tensor, np.ndarray, Tensor, dict[str, Tensor]]:
        """Fused RGB (1, 3, H, W) and the same as an array (H, W, 3), both at the pair's size; fused luma at the working
        size, and the gates.
        """
        fused, gates = self._net.decode(*encoded.levels, *self._joined(told))
        if encoded.plain is not None:
            change = encoded.plain[1] + self._by_words(pair, encoded, fused)
        else:
            rows, columns = pair.shape
            change = (fused[..., :rows, :columns] - encoded.y)[0, 0].cpu().numpy()
        if not np.isfinite(change).all():
            raise InputError("The fusion gave no finite picture for this pair: check that both pictures are intact.")
        image = with_luma(pair.visible, image_luma(pair.visible) + change)
        rgb = torch.from_numpy(image).permute(2, 0, 1)[None].to(self.device)
        return rgb, image, fused, gates

    def _by_words(self, pair: ImagePair, encoded: _EncodedPair, fused: Tensor) -> np.ndarray:
        """What words changed in a fused luma at the working size, float32 (H, W) at the pair's size."""
        plain = self._plain_luma(pair, encoded) if encoded.plain is None else encoded.plain[0]
        rows, columns = encoded.y.shape[-2:]
        change = (fused - plain)[0, 0, :rows, :columns].cpu().numpy()
        return change if change.shape == pair.shape else cv2.resize(change, pair.shape[::-1])

    def _plain_luma(self, pair: ImagePair, encoded: _EncodedPair) -> Tensor:
        """Fused without words at the working size, (1, 1, h, w), kept for the next sentence on the same pair."""

        def make() -> tuple[Tensor, int]:
            plain, _ = self._net.decode(*encoded.levels, *self._joined([]))
            return plain, plain.nbytes

        return self._plains.get(pair, make)

    def _joined(self, told: list[_Words]) -> tuple[Tensor, Tensor]:
        if not told:
            dim = self.config.fusion.text_dim
            return torch.zeros(1, 1, dim, device=self.device), torch.zeros(1, 1, dtype=torch.bool, device=self.device)
        return torch.cat([w.features for w in told], dim=1), torch.cat([w.mask for w in told], dim=1)

    def _look(self, rgb: Tensor, size: tuple[int, int] | None = None) -> Tensor | Scenery:
        """The head looks at the fused picture (1, 3, H, W), and at its mirror image where the configuration says so.

        At `size`, or its aspect kept, its area that of the configuration.
        """
        if size is None:
            height, width = rgb.shape[-2:]
            scale = (self.config.mask_size[0] * self.config.mask_size[1] / (height * width)) ** 0.5
            size = (max(64, round(height * scale / 4) * 4), max(64, round(width * scale / 4) * 4))
        seen = F.interpolate(rgb, size=size, mode="bilinear", antialias=True)
        if self.config.mirrored:
            seen = torch.cat([seen, seen.flip(-1)])
        return self._head.look(self.model.prefusion_model.normalise(seen))

    def _segment(self, seen: Tensor | Scenery, phrase: str, image: np.ndarray, guide: np.ndarray) -> Region:
        """Where a phrase refers to in what the head has seen of a picture, float32 (H, W, 3), whose luma is the guide.

        The mask has its size.
        """
        found = self._found(seen, phrase, image, guide)
        return on_paint(found, image, lambda: self._found(seen, "road", image, guide).mask)

    def _found(self, seen: Tensor | Scenery, phrase: str, image: np.ndarray, guide: np.ndarray) -> Region:
        """What the head marks for a phrase, and of its pieces those that are meant."""
        words = self._encode(phrase)
        notes = self._cut(phrase, words)
        difference = self._difference(seen, phrase, words)
        threshold = self.config.outline.threshold(difference)
        if math.isinf(threshold):
            nothing = np.zeros(guide.shape, np.float32)
            return Region(phrase, nothing, float(torch.sigmoid(difference.max())), None, notes=notes)
        margin = difference - threshold
        if self.config.edge_radius:
            coarse = margin[0, 0].clamp(-_SURE, _SURE).cpu().numpy()
            fitted = guided_upsampling(guide, coarse, self.config.edge_radius, _EDGE_EPSILON)
            mask = torch.sigmoid(torch.from_numpy(fitted)).numpy()
        else:
            margin = F.interpolate(margin, size=guide.shape, mode="bilinear", align_corners=False)
            mask = torch.sigmoid(margin)[0, 0].cpu().numpy()
        box = mask_box(mask)
        if box is None:
            return Region(phrase, np.zeros(guide.shape, np.float32), float(mask.max()), None, notes=notes)

        def likely(thing: str) -> np.ndarray:
            found = self._difference(seen, thing, self._encode(thing))
            return self.config.outline.probability(found)[0, 0].cpu().numpy()

        region = Region(phrase, mask, float(mask[mask >= INSIDE].mean()), box, notes=notes)
        return kept_pieces(region, Evidence(image, difference[0, 0].cpu().numpy(), likely))

    def _difference(self, seen: Tensor | Scenery, phrase: str, words: _Words) -> Tensor:
        """The object's logit less the rest's, (1, 1, h, w): the mean over readings of the phrase and looks."""
        readings = [(phrase, words)]
        choice = read_choice(phrase)
        if self.config.asks_noun and choice.compares:
            readings.append((choice.noun, self._encode(choice.noun)))
        asked, look = [said for _, said in readings], [0] * len(readings)
        for text, _ in readings:
            said_of_mirror = mirrored_sentence(text) if self.config.mirrored else None
            if said_of_mirror is not None:
                asked.append(self._encode(said_of_mirror))
                look.append(1)
        features, mask = (
            pad_sequence([part[0] for part in parts], batch_first=True)
            for parts in zip(*((each.features, each.mask) for each in asked), strict=True)
        )
        logits = self._head.refer(seen, features, mask, torch.tensor(look, device=self.device))
        margin = logits[:, 1:] - logits[:, :1]
        here, mirrored = margin[: len(readings)], margin[len(readings) :].flip(-1)
        return torch.cat([here, mirrored]).mean(dim=0, keepdim=True)

    def _to_map(self, gate: Tensor, encoded: _EncodedPair, shape: tuple[int, int]) -> np.ndarray:
        rows, columns = encoded.y.shape[-2:]
        padded = (rows + -rows % _MULTIPLE, columns + -columns % _MULTIPLE)
        gate = F.interpolate(gate, size=padded, mode="bilinear", align_corners=False)[..., :rows, :columns]
        if shape != (rows, columns):
            gate = F.interpolate(gate, size=shape, mode="bilinear", align_corners=False)
        return gate[0, 0].cpu().numpy()


def _remarks(edits: Sequence[Edit]) -> list[str]:
    """What cannot be done as asked."""
    notes = []
    for edit in edits:
        if not edit.region:
            notes.append("RIS-FUSION can only highlight what is named: no words changed the picture as a whole.")
        elif edit.effect != "highlight":
            named = f"“{edit.region}” was highlighted, not changed by {edit.effect}"
            notes.append(f"RIS-FUSION can only highlight: {named}.")
    return list(dict.fromkeys(notes))


def _read_config(values: dict[str, Any], name: str) -> RisFusionConfig:
    """The configuration in a weight file of that name.

    Raises:
        CheckpointError: There is none, or it is that of another engine.
    """
    try:
        return RisFusionConfig.from_dict(values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        lacks = "it holds that of another engine" if values else "it holds none"
        raise CheckpointError(
            f"The checkpoint file {name} must hold a RIS-FUSION network's configuration, but {lacks}."
        ) from error
