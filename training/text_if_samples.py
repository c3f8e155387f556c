"""What Text-IF learns from: degraded crops, sentences that name what is wrong or do not, and the pair wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.degradations import DEGRADATIONS
from training.fusion_pairs import FusionPair, random_crops
from training.restoration_sentences import PLAIN

# How often the sentence names what is wrong with the pair; how often nothing is; how often it asks for plain fusion
# though something is; the rest names another degradation than there is.
_MATCHING, _CLEAN, _DEFAULT = 0.6, 0.15, 0.15


@dataclass(frozen=True)
class Batch:
    """Pairs as given and as wanted.

    Attributes:
        visible: (B, 3, S, S), RGB in [0, 1], as given.
        infrared: (B, 1, S, S) in [0, 1], as given.
        text: (B, text_dim), features of the sentences.
        wanted_visible: What the fused picture is judged by: clean where the sentence asks for it, else as given.
        wanted_infrared: The same of the infrared picture.
        tasks: B names, whose weights the losses take.
    """

    visible: Tensor
    infrared: Tensor
    text: Tensor
    wanted_visible: Tensor
    wanted_infrared: Tensor
    tasks: list[str]


class Sampler:
    """Draws batches, the same ones for the same seed."""

    def __init__(
        self,
        pairs: Sequence[FusionPair],
        features: Mapping[str, Tensor],
        multiple: int,
        seed: int,
        mix: bool = True,
        more: Sequence[str] = (),
    ) -> None:
        """Remember what to draw from.

        Args:
            pairs: Clean pairs.
            features: Task -> (N, text_dim), one row per sentence; tasks are those of DEGRADATIONS and PLAIN.
            multiple: What the sides of a crop must be multiples of.
            seed: Of everything drawn.
            mix: Give a random mixture of two sentences of a task, so that wordings in between are learned too.
            more: Degradations that are drawn three times as often as the others.
        """
        self.pairs, self.features, self.multiple, self.mix = list(pairs), features, multiple, mix
        self._crops = torch.Generator().manual_seed(seed)
        self._rng = np.random.default_rng(seed)
        weights = np.array([3.0 if name in more else 1.0 for name in DEGRADATIONS])
        self._shares = weights / weights.sum()

    def draw(self, batch: int, size: int) -> Batch:
        """`batch` crops of `size` pixels a side, less where a picture is smaller."""
        crops = random_crops(self.pairs, batch, size, self._crops)
        size = crops.infrared.shape[-1] // self.multiple * self.multiple
        visible, infrared = crops.visible[..., :size, :size], crops.infrared[..., :size, :size]
        given_visible, given_infrared = visible.clone(), infrared.clone()
        wanted_visible, wanted_infrared = visible.clone(), infrared.clone()
        tasks, text = [], []
        for i in range(batch):
            named, task, degradation = self._situation()
            if degradation is not None:
                picture, heat = visible[i].permute(1, 2, 0).numpy(), infrared[i, 0].numpy()
                picture, heat = DEGRADATIONS[degradation](picture, heat, self._rng)
                given_visible[i] = torch.from_numpy(picture).permute(2, 0, 1)
                given_infrared[i, 0] = torch.from_numpy(heat)
            if task == PLAIN:
                wanted_visible[i], wanted_infrared[i] = given_visible[i], given_infrared[i]
            tasks.append(task)
            text.append(self._feature(named))
        return Batch(given_visible, given_infrared, torch.stack(text), wanted_visible, wanted_infrared, tasks)

    def _situation(self) -> tuple[str, str, str | None]:
        """What the sentence names, the task that follows, and what is wrong with the pair."""
        degradation = str(self._rng.choice(list(DEGRADATIONS), p=self._shares))
        chance = self._rng.random()
        if chance < _MATCHING:
            return degradation, degradation, degradation
        if chance < _MATCHING + _CLEAN:
            return PLAIN, PLAIN, None
        if chance < _MATCHING + _CLEAN + _DEFAULT:
            return PLAIN, PLAIN, degradation
        # Of the same picture: that a sentence about light has to leave a picture dark which is so by nature must not
        # be learned.
        source = DEGRADATIONS[degradation].source
        others = [name for name, other in DEGRADATIONS.items() if other.source == source and name != degradation]
        return str(self._rng.choice(others)), PLAIN, degradation

    def _feature(self, task: str) -> Tensor:
        rows = self.features[task]
        first, second = rows[self._rng.integers(len(rows), size=2)]
        if not self.mix:
            return first
        share = float(self._rng.random())
        return F.normalize(share * first + (1.0 - share) * second, dim=0) * first.norm()
