"""Chooses where tensors live."""

from __future__ import annotations

import torch

from engines.errors import InputError


def torch_device(device: str = "auto") -> torch.device:
    """The device called "auto" (CUDA where there is one, else the CPU), "cpu" or "cuda".

    Raises:
        InputError: Another name, or CUDA where there is none.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise InputError(f"The device must be auto, cpu or cuda, but got {device!r}.")
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise InputError("The device cuda was asked for, but this machine has none: use auto or cpu.")
    return torch.device("cuda" if available and device != "cpu" else "cpu")
