"""Chooses where tensors live, and how many digits training gives them."""

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


def computes_bfloat16(device: torch.device) -> bool:
    """Whether a device multiplies in bfloat16 itself; others imitate it, which is slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def short_floats(device: torch.device, wanted: bool = True) -> torch.autocast:
    """Autocast to bfloat16 on a device that has it, if `wanted`; elsewhere everything stays float32.

    On a CPU without it, convolutions in bfloat16 take several times as long as in float32.
    """
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=wanted and computes_bfloat16(device))
