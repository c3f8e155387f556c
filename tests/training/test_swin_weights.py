"""ImageNet weights for the published head's Swin, read from a file like the one its authors publish."""

from __future__ import annotations

import pytest
import torch

from engines.errors import CheckpointError
from engines.ris_fusion.config import SegmentationConfig
from engines.ris_fusion.segmentation_net import LanguageSwin
from training.swin_weights import load_imagenet_swin, pretrained_part

CONFIG = SegmentationConfig(width=8, depths=(1, 2, 1, 1), heads=(1, 1, 2, 2), window=4, text_dim=16)


def classifier_file(path, config=CONFIG):
    """A file with the classifier's own tensors beside those that are wanted."""
    torch.manual_seed(3)
    backbone = LanguageSwin(config)
    tensors = {name: torch.randn_like(value) for name, value in pretrained_part(backbone).items()}
    extra = {name: value for name, value in backbone.state_dict().items() if name.endswith("relative_position_index")}
    extra |= {"head.weight": torch.zeros(5, 64), "norm.weight": torch.ones(64)}
    extra["layers.1.blocks.1.attn_mask"] = torch.zeros(4, 16, 16)
    torch.save({"model": tensors | extra}, path)
    return tensors


def test_all_but_what_reads_words_is_filled(tmp_path):
    given = classifier_file(tmp_path / "swin.pth")
    backbone = LanguageSwin(CONFIG)
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    load_imagenet_swin(backbone, tmp_path / "swin.pth")
    for name, value in backbone.state_dict().items():
        assert torch.equal(value, given.get(name, before[name])), name
    kept = {name for name in before if name not in given and not name.endswith("relative_position_index")}
    assert kept and all(".fusion." in name or ".res_gate." in name or name.startswith("norm") for name in kept)


def test_another_configuration_or_file_is_told_in_one_line(tmp_path):
    wide = SegmentationConfig(width=16, depths=(1, 2, 1, 1), heads=(1, 1, 2, 2), window=4, text_dim=16)
    classifier_file(tmp_path / "wide.pth", wide)
    (tmp_path / "text.pth").write_text("no weights")
    torch.save([1, 2], tmp_path / "list.pth")
    for name, said in (("wide.pth", "does not fit"), ("text.pth", "no file of Swin"), ("list.pth", "does not fit")):
        with pytest.raises(CheckpointError, match=said) as caught:
            load_imagenet_swin(LanguageSwin(CONFIG), tmp_path / name)
        assert "\n" not in str(caught.value)
    with pytest.raises(CheckpointError):
        load_imagenet_swin(LanguageSwin(CONFIG), tmp_path / "absent.pth")
