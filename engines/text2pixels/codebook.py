"""The codebook that fused features are expressed in (section 3.2, eq. 5, 6 and 11)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

# How much of a code's average stays at each step (van den Oord et al. 2017, appendix A.1).
DECAY = 0.95
# A code used less than this share of an even use starts again at a feature of the batch (Dhariwal et al. 2020).
DEAD_BELOW = 0.3
# Far below the variance of any picture that shows something.
_EPSILON = 1e-5


class Quantised(NamedTuple):
    """Features in words of the codebook.

    Attributes:
        features: (B, T, d): the nearest codes, whose gradient goes to the features they replace.
        loss: g of eq. 11, the mean squared distance of a feature to its code, a scalar; moves the features only.
        indices: int64 (B, T), which codes.
    """

    features: Tensor
    loss: Tensor
    indices: Tensor


class PictureNorm(nn.Module):
    """Brings every channel of every picture to mean 0 and variance 1 over its tokens (as Ulyanov et al. 2016).

    Self-attention makes the tokens of one picture alike. A codebook then tells pictures apart and gives every token of
    one the same code; what a token has beyond its picture's mean is what its code should say.
    """

    def forward(self, features: Tensor) -> Tensor:
        """(B, T, d) to the same shape, float32; tokens that are all alike become zeros."""
        features = features.float()
        variance, mean = torch.var_mean(features, dim=1, correction=0, keepdim=True)
        return (features - mean) * torch.rsqrt(variance + _EPSILON)


def perplexity(usage: Tensor) -> float:
    """How many evenly used codes would be as varied as these: exp of the entropy of their shares.

    Args:
        usage: (codes,), counts or shares, 0 or more.
    """
    share = usage.double() / usage.double().sum().clamp(min=1e-12)
    return float(torch.exp(-(share * torch.log(share.clamp(min=1e-12))).sum()))


class Codebook(nn.Module):
    """Vectors that follow the mean of the features they stand for, and start again where nobody uses them."""

    def __init__(self, codes: int, channels: int) -> None:
        super().__init__()
        self.register_buffer("codes", torch.randn(codes, channels))
        # Running share of the features and running sum of them, by code.
        self.register_buffer("usage", torch.zeros(codes))
        self.register_buffer("sums", torch.zeros(codes, channels))

    def nearest(self, features: Tensor) -> Tensor:
        """Index of the nearest code (eq. 5 and 6): (..., d) -> int64 (...)."""
        # |x|² is the same for every code.
        distance = (self.codes**2).sum(dim=1) - 2.0 * features @ self.codes.T
        return distance.argmin(dim=-1)

    def forward(self, features: Tensor) -> Quantised:
        """Replace each feature (B, T, d) by its nearest code; in training the codes follow the features."""
        with torch.autocast(features.device.type, enabled=False):
            features = features.float()
            with torch.no_grad():
                if self.training and not self.usage.any():
                    self._begin(features.flatten(0, 1))
                indices = self.nearest(features)
            codes = self.codes[indices]
            if self.training:
                self._follow(features.detach().flatten(0, 1), indices.flatten())
            loss = ((features - codes) ** 2).sum(dim=-1).mean()
            return Quantised(features + (codes - features).detach(), loss, indices)

    @torch.no_grad()
    def _begin(self, features: Tensor) -> None:
        codes = len(self.codes)
        self.codes.copy_(features[torch.randint(len(features), (codes,), device=features.device)])
        self.usage.fill_(1.0 / codes)
        self.sums.copy_(self.codes / codes)

    @torch.no_grad()
    def _follow(self, features: Tensor, indices: Tensor) -> None:
        codes, count = len(self.codes), len(features)
        share = torch.bincount(indices, minlength=codes).to(self.usage) / count
        sums = torch.zeros_like(self.sums).index_add_(0, indices, features) / count
        self.usage.lerp_(share, 1.0 - DECAY)
        self.sums.lerp_(sums, 1.0 - DECAY)
        dead = self.usage < DEAD_BELOW / codes
        # Badly served features first (as k-means++ chooses its centres): a copy of a code in use would die again.
        distance = ((features - self.codes[indices]) ** 2).sum(dim=1)
        fresh = features[torch.multinomial(distance + 1e-6, codes, replacement=True)]
        self.usage.masked_fill_(dead, 1.0 / codes)
        self.sums.copy_(torch.where(dead[:, None], fresh / codes, self.sums))
        self.codes.copy_(self.sums / self.usage[:, None])
