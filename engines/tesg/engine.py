"""TeSG behind the engine interface: semantics of the pair or of the instruction guide the fusion."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from engines.color import with_luma
from engines.device import torch_device
from engines.errors import InputError
from engines.interrupting import hears_stop
from engines.networks import load_network
from engines.pair_cache import PairCache
from engines.regions import RegionMasker
from engines.regions.backends import build_masker
from engines.regions.composed import region_of
from engines.regions.options import RegionOptions
from engines.tesg.config import TesgConfig
from engines.tesg.model import EncodedSources, Guided, TesgNet
from engines.tesg.semantics import (
    RegionSemantics,
    SemanticGenerator,
    Semantics,
    request,
    soft_rim,
    union,
    wanted,
)
from engines.tesg.tiled import fused_in_pieces
from engines.text_encoder import text_encoder
from engines.types import FusionResult, ImagePair, Instruction, Progress, Region
from engines.whole_picture import whole_picture

SEMANTICS = ("regions", "paper")
# How far towards what the network makes of a region, or beyond, an edit of strength 1, 2 and 3 goes. Beyond a source
# there is nothing, so the steps towards one end at it.
AMOUNTS = {"highlight": (1.0, 1.6, 2.2), "infrared": (0.6, 0.8, 1.0), "visible": (0.6, 0.8, 1.0)}
# Larger pictures are fused in pieces, and their features are not kept.
_WHOLE_PIXELS = 2_000_000
# Features of a dozen pairs of 640×480; many more plain fusions, or those of a few pairs of 20 megapixels.
_FEATURE_BYTES, _PLAIN_BYTES, _SEMANTIC_BYTES = 160_000_000, 160_000_000, 80_000_000
_KNOWN_TEXTS = 256

_Fraction = Callable[[float], None]


class _Stages:
    """Wall-clock seconds per stage, summed up."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


class TesgEngine:
    """Fuses a pair under the guidance of masks and words.

    Without an instruction a caption and the key classes guide the whole picture. What an instruction names is changed
    from the plain fusion inside its mask only, as far as the strength says; edits of one effect go through the network
    together.
    """

    name = "tesg"
    title = "TeSG"
    paper = "TeSG: Textual Semantic Guidance for Infrared and Visible Image Fusion"

    def __init__(
        self,
        checkpoint: str | None = None,
        device: str = "auto",
        masker: RegionMasker | None = None,
        regions: RegionOptions | None = None,
        semantics: str = "regions",
        generator: SemanticGenerator | None = None,
    ) -> None:
        """Remember what to load; weights are read at the first fusion.

        Args:
            checkpoint: A name of the registry or a weight file; None for the embedded one.
            device: "auto", "cpu" or "cuda".
            masker: Finds regions; None for the one of `regions`.
            regions: Which masker, and how it looks; None for the defaults.
            semantics: "regions" for masks by the masker, "paper" for the paper's captions and diffusion masks.
            generator: Makes the semantics; None for the one that `semantics` names.

        Raises:
            InputError: Unknown semantics or device.
            CheckpointError: The packages or weights of the paper's generator are not here.
        """
        if semantics not in SEMANTICS:
            raise InputError(f"The semantics must be one of {', '.join(SEMANTICS)}, but got {semantics!r}.")
        self.checkpoint, self.device = checkpoint, torch_device(device)
        if generator is None and semantics == "paper":
            from engines.tesg.paper_generator import paper_semantics

            generator = paper_semantics(self.device)
        self.generator = generator or RegionSemantics(masker or build_masker(regions or RegionOptions(), device))
        self._network: TesgNet | None = None
        self._encoded: PairCache[EncodedSources] = PairCache(_FEATURE_BYTES)
        self._plain: PairCache[np.ndarray] = PairCache(_PLAIN_BYTES)
        self._described: PairCache[Semantics] = PairCache(_SEMANTIC_BYTES)
        self._read = lru_cache(_KNOWN_TEXTS)(self._words)
        self._lock = threading.Lock()

    @property
    def masker(self) -> RegionMasker:
        """What finds the regions that an instruction names."""
        return self.generator

    def load(self) -> TesgNet:
        """The network, read once.

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit.
        """
        with self._lock:
            if self._network is None:
                self._network = load_network(
                    self.name, self.checkpoint, lambda read: TesgNet(TesgConfig.from_dict(read)), self.device
                )
            return self._network

    @hears_stop
    @torch.inference_mode()
    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse a pair as instructed; see `engines.types.Engine.fuse`.

        Raises:
            CheckpointError: A checkpoint is missing, damaged or does not fit.
            InputError: The fusion gave no finite picture.
            Cancelled: Raised by `progress`.
        """
        report = progress or (lambda fraction, message: None)
        self.load()
        stages = _Stages()
        if instruction.edits:
            result = self._follow(pair, instruction, report, stages)
        else:
            report(0.0, "looking for people and cars")
            with stages.timed("mask"):
                semantics = self._described.get(pair, lambda: _sized(self.generator.describe(pair)))
            report(0.5, "fusing")
            with stages.timed("fuse"):
                guided, notes = self._guided(pair, semantics, lambda fraction: report(0.5 + 0.5 * fraction, "fusing"))
                image = with_luma(pair.visible, _luma(guided))
            result = FusionResult(image=image, maps=_maps(guided, semantics), notes=notes)
        report(1.0, "done")
        result.seconds = stages.seconds
        return result

    def _follow(self, pair: ImagePair, instruction: Instruction, report: Progress, stages: _Stages) -> FusionResult:
        """Fuse plainly, find what each edit names, and change it there."""
        edits = instruction.edits
        groups, notes = wanted(edits)
        report(0.0, "fusing")
        with stages.timed("fuse"):
            plain = self._fused_plainly(pair, lambda fraction: report(0.3 * fraction, "fusing"))
            picture = with_luma(pair.visible, plain)
        regions: list[Region] = []
        with stages.timed("mask"):
            for index, edit in enumerate(edits):
                report(0.3 + 0.3 * index / len(edits), f"looking for {edit.region or 'the whole picture'}")
                known = [*instruction.regions, *regions]
                regions.append(self._locate(edit.region, pair, picture, known))
                if regions[-1].box is None:
                    notes.append(f"“{edit.region}” was not found in the picture, so nothing was changed for it.")
                notes += (note for note in regions[-1].notes if note not in notes)
        y, maps = plain.copy(), {}
        with stages.timed("fuse"):
            for done, (effect, indices) in enumerate(groups.items()):
                start, share = 0.6 + 0.4 * done / len(groups), 0.4 / len(groups)
                report(start, f"{effect}: fusing")
                found = [i for i in indices if regions[i].box is not None]
                if not found:
                    continue
                semantics = _requested(effect, [regions[i] for i in found], pair.shape)
                amounts = [AMOUNTS[effect][edits[i].strength - 1] * soft_rim(regions[i].mask) for i in found]
                amount = np.maximum.reduce(amounts)
                guided, said = self._guided(
                    pair,
                    semantics,
                    lambda fraction, start=start, share=share: report(start + share * fraction, "fusing"),
                    amount > 0.0,
                )
                y += amount * (_luma(guided) - plain)
                prefix = f"{effect}: " if len(groups) > 1 else ""
                maps |= {prefix + name: value for name, value in _maps(guided, semantics).items()}
                notes += said
            image = with_luma(pair.visible, y)
        mask = union(regions, pair.shape)
        return FusionResult(image=image, mask=mask, regions=regions, maps=maps, notes=notes)

    def _locate(self, phrase: str | None, pair: ImagePair, plain: np.ndarray, known: Sequence[Region]) -> Region:
        if phrase is None:
            return whole_picture(pair.shape)
        return region_of(phrase, pair, lambda named: self.generator.mask(named, pair, plain), known)

    def _fused_plainly(self, pair: ImagePair, progress: _Fraction) -> np.ndarray:
        """Luma without foreground and words, float32 (H, W), kept for the next instruction on the same pair."""

        def make() -> tuple[np.ndarray, int]:
            nothing = Semantics(np.zeros(pair.shape, np.float32), "")
            y = _luma(self._guided(pair, nothing, progress)[0])
            return y, y.nbytes

        return self._plain.get(pair, make)

    def _guided(
        self, pair: ImagePair, semantics: Semantics, progress: _Fraction, where: np.ndarray | None = None
    ) -> tuple[Guided, list[str]]:
        """One pass under guidance, and notes; in pieces, only those with pixels of `where` (H, W) are fused."""
        *words, truncated = self._read(semantics.text)
        notes = []
        if truncated:
            limit = self.load().config.max_words
            notes.append(f"The text encoder reads {limit} word pieces, so the end of “{semantics.text}” was left out.")
        sources = self._sources(pair, semantics)
        if pair.shape[0] * pair.shape[1] > _WHOLE_PIXELS:
            asked = None if where is None else torch.from_numpy(where)
            return fused_in_pieces(self.load(), sources, tuple(words), progress, asked), notes
        encoded = self._encoded.get(pair, lambda: _encoded(self.load(), *sources[:2]))
        return self.load().decode(encoded, sources[2], *words, pair.shape), notes

    def _sources(self, pair: ImagePair, semantics: Semantics) -> tuple[Tensor, Tensor, Tensor]:
        visible = torch.from_numpy(pair.visible).permute(2, 0, 1)[None].to(self.device)
        infrared, mask = (torch.from_numpy(x)[None, None].to(self.device) for x in (pair.infrared, semantics.mask))
        return visible, infrared, mask

    def _words(self, text: str) -> tuple[Tensor, Tensor, bool]:
        config = self.load().config
        encoded = text_encoder(config.text_encoder, config.max_words).encode([text])
        return encoded.words.to(self.device), encoded.mask.to(self.device), encoded.truncated[0]


def _encoded(network: TesgNet, visible: Tensor, infrared: Tensor) -> tuple[EncodedSources, int]:
    encoded = network.encode(visible, infrared)
    return encoded, sum(tensor.nbytes for tensor in encoded if tensor is not None)


def _sized(semantics: Semantics) -> tuple[Semantics, int]:
    return semantics, semantics.mask.nbytes + sum(region.mask.nbytes for region in semantics.regions)


def _requested(effect: str, regions: Sequence[Region], shape: tuple[int, int]) -> Semantics:
    """What guides the edits of one effect."""
    labels = list(dict.fromkeys(region.label for region in regions))
    return Semantics(soft_rim(union(regions, shape)), request(effect, labels), tuple(regions))


def _luma(guided: Guided) -> np.ndarray:
    y = guided.y[0, 0].cpu().numpy()
    if not np.isfinite(y).all():
        raise InputError("The fusion gave no finite picture for this pair: check that both pictures are intact.")
    return np.clip(y, 0.0, 1.0)


def _maps(guided: Guided, semantics: Semantics) -> dict[str, np.ndarray]:
    """For display: the mask semantics and what weighed the sources."""
    return {"mask semantics": semantics.mask} | {
        name: value[0, 0].float().cpu().numpy() for name, value in guided.maps.items()
    }
