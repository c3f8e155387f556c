"""The embedded referring head: sentences share a picture, words and places count, ImageNet statistics stay."""

from __future__ import annotations

import pytest
import torch

from engines.ris_fusion.compact_net import CompactSegmentationNet
from engines.ris_fusion.config import CompactConfig
from engines.ris_fusion.trunk import STRIDES

TINY = CompactConfig(
    trunk="tf_efficientnet_lite0",
    pyramid_width=8,
    classes=5,
    width=8,
    depths=(2, 2),
    heads=(2, 2),
    windows=(4, 4),
    text_dim=16,
    decoder_widths=(8, 8, 8),
)


@pytest.fixture(scope="module")
def head() -> CompactSegmentationNet:
    torch.manual_seed(0)
    net = CompactSegmentationNet(TINY).eval().requires_grad_(False)
    for stage in (net.up16, net.up8, net.up4):
        torch.nn.init.normal_(stage.film.project.weight, std=0.1)
    return net


def words(sentences: int, count: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    return torch.randn(sentences, count, 16), torch.ones(sentences, count, dtype=torch.bool)


@pytest.mark.parametrize("size", [(64, 96), (66, 90), (100, 132)])
def test_sizes(head, size):
    scenery = head.look(torch.randn(2, 3, *size))
    for level, stride in zip(scenery.levels, STRIDES, strict=True):
        assert level.shape == (2, 8, -(-size[0] // stride), -(-size[1] // stride))
    assert scenery.classes.shape[:2] == (2, 5)
    assert head(torch.randn(1, 3, *size), *words(1)).shape == (1, 2, *size)


def test_sentences_of_one_picture_are_as_if_asked_alone(head):
    pictures = torch.randn(2, 3, 64, 96)
    features, mask = words(3)
    index = torch.tensor([0, 1, 1])
    together = head.refer(head.look(pictures), features, mask, index)
    for i, picture in enumerate(index):
        alone = head.refer(head.look(pictures[picture][None]), features[i][None], mask[i][None])
        torch.testing.assert_close(together[i][None], alone, rtol=0, atol=1e-4)


def test_words_change_the_mask_and_padding_does_not(head):
    scenery = head.look(torch.randn(1, 3, 64, 96))
    features, mask = words(1)
    one = head.refer(scenery, features, mask)
    assert not torch.allclose(one, head.refer(scenery, features.flip(-1), mask), atol=1e-3)
    padded = torch.cat([features, torch.randn(1, 3, 16)], dim=1)
    longer = torch.cat([mask, torch.zeros(1, 3, dtype=torch.bool)], dim=1)
    torch.testing.assert_close(one, head.refer(scenery, padded, longer), rtol=0, atol=1e-4)


def test_training_leaves_the_batch_norms_of_imagenet_alone():
    torch.manual_seed(0)
    net = CompactSegmentationNet(TINY).train()
    before = {key: value.clone() for key, value in net.trunk.named_buffers()}
    head = net(torch.randn(2, 3, 64, 64), *words(2))
    head.mean().backward()
    for key, value in net.trunk.named_buffers():
        assert torch.equal(value, before[key]), key
    assert net.trunk.net.conv_stem.weight.grad.abs().sum() > 0
