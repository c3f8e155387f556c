"""Which device is taken, and how many digits it computes with."""

import pytest
import torch

from engines.device import computes_bfloat16, short_floats, torch_device
from engines.errors import InputError


@pytest.mark.parametrize(
    ("capable", "wanted", "dtype"),
    [
        (True, True, torch.bfloat16),
        (True, False, torch.float32),
        (False, True, torch.float32),
    ],
)
def test_short_floats_where_they_are_wanted_and_the_device_has_them(capable, wanted, dtype, monkeypatch):
    capabilities = {"avx2": True, "avx512_bf16": capable}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    with short_floats(torch.device("cpu"), wanted):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == dtype


def test_a_gpu_that_imitates_bfloat16_is_not_given_it(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation)
    assert not computes_bfloat16(torch.device("cuda"))


def test_devices_by_name(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert torch_device("auto") == torch_device("cpu") == torch.device("cpu")
    with pytest.raises(
        InputError, match=r"^The device cuda was asked for, but this machine has none: use auto or cpu\.$"
    ):
        torch_device("cuda")
    with pytest.raises(InputError, match=r"^The device must be auto, cpu or cuda, but got 'tpu'\.$"):
        torch_device("tpu")
