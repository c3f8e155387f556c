"""Choices a person has, apart from the engine; kept free of imports so that the command line starts at once."""

from dataclasses import dataclass

PARSERS = ("auto", "llama", "rules")
# Before the path or registry name of another GGUF model: "llama:/path/model.gguf".
LLAMA_PREFIX = "llama:"
PRESETS = ("fast", "paper")
POLARITIES = ("white-hot", "black-hot")
# Where TeSG's masks and caption come from: the region masker, or the paper's captioner and diffusion model.
SEMANTICS = ("regions", "paper")


@dataclass(frozen=True)
class Reading:
    """How a pair of files is read.

    Attributes:
        polarity: "black-hot" for a camera that shows warm things dark; the infrared picture is then inverted.
        align: "none", "ecc" to find the shift between the pictures, or "DX,DY", "DX,DY,SCALE" or "DX,DY,SCALE,ANGLE",
            see `app.registration`.
    """

    polarity: str = "white-hot"
    align: str = "none"
