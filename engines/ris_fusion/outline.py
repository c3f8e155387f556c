"""Where a referring head's logits end the object: the threshold at which the mask is expected to overlap it best.

The threshold that serves IoU best depends on the object: a patch of sky is best marked generously, a far cone only
where the head is sure. If the logits, tempered, are probabilities, then each threshold's expected overlap follows from
them: of the pixels inside, so many belong to the object, and of those outside, so many are missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

# Shares of the picture up to which a thing is small, and from which it is not.
_SMALL, _LARGE = 0.065, 0.13


@dataclass(frozen=True)
class Outline:
    """How to find it.

    Attributes:
        margin: By how much the object's logit exceeds the rest's where both are equally likely.
        temperature: What logits are divided by to become probabilities; 0 keeps one threshold for all, the margin.
        sure: The logit difference that some pixel must reach for there to be an object at all.
        least: So much overlap must be expected, in [0, 1], for it to be marked.
        lowest: Probability below which no pixel is inside.
        highest: Probability above which every pixel is.
        closer: By how much more the difference must exceed that threshold around something small. A quarter of the
            picture's size, the logits blur what is small, so that its rim looks likelier than it is.
    """

    margin: float = 0.0
    temperature: float = 0.0
    sure: float = 0.0
    least: float = 0.0
    lowest: float = 0.0
    highest: float = 1.0
    closer: float = 0.0

    def threshold(self, difference: Tensor) -> float:
        """The difference above which a pixel is inside.

        Args:
            difference: The object's logit less the rest's, of any shape.

        Returns:
            A threshold; infinity where nothing is to be marked.
        """
        if not self.temperature:
            return self.margin
        if float(difference.max()) < self.sure:
            return math.inf
        inside = self._tempered(difference.flatten()).sort(descending=True).values
        # With the k likeliest pixels inside, the union is all that is expected of the object and what of the k is not.
        hit = inside.cumsum(0)
        union = inside.sum() + hit.new_ones(len(hit)).cumsum(0) - hit
        overlap = hit / union
        best = int(overlap.argmax())
        if float(overlap[best]) < self.least:
            return math.inf
        probability = min(max(float(inside[best]), self.lowest), self.highest)
        share = (best + 1) / len(inside)
        smallness = min(max(math.log(_LARGE / share) / math.log(_LARGE / _SMALL), 0.0), 1.0)
        return self.margin + self.temperature * math.log(probability / (1.0 - probability)) + self.closer * smallness

    def probability(self, difference: Tensor) -> Tensor:
        """How likely each pixel is inside, [0, 1], of the difference's shape; 0 everywhere where there is no object."""
        if self.temperature and float(difference.max()) < self.sure:
            return difference.new_zeros(difference.shape)
        return self._tempered(difference)

    def _tempered(self, difference: Tensor) -> Tensor:
        return ((difference.float() - self.margin) / (self.temperature or 1.0)).sigmoid()
