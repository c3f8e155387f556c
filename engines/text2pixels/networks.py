"""Fusion network and detector together: what a weight file holds."""

from __future__ import annotations

from torch import nn

from engines.text2pixels.config import Text2PixelsConfig
from engines.text2pixels.detector import CentreDetector
from engines.text2pixels.model import FusionNet


class Text2PixelsNetworks(nn.Module):
    """Both levels of eq. 7: `fusion` makes the picture, `detector` looks for objects in it."""

    def __init__(self, config: Text2PixelsConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or Text2PixelsConfig()
        self.fusion = FusionNet(config.fusion)
        self.detector = CentreDetector(config.detector)
