from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from engines.errors import CheckpointError
from engines.regions.grounding_dino import Detections, Detector, TextBackbone, load_network, pixel_boxes, suppressed

PICTURE = np.zeros((48, 64, 3), np.float32)


@pytest.fixture(scope="module")
def bert(tiny_changes) -> nn.Module:
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    return BertModel(BertConfig(vocab_size=50, **tiny_changes["bert"])).eval()


class TestTextBackbone:
    def test_it_is_bert(self, bert):
        ids = torch.randint(0, 50, (2, 7))
        seen = torch.tensor([[1] * 7, [1] * 4 + [0] * 3])
        theirs = bert(input_ids=ids, attention_mask=seen).last_hidden_state
        ours = TextBackbone(bert)(ids, seen)["last_hidden_state"]
        assert torch.allclose(ours[0], theirs[0], atol=1e-5) and torch.allclose(ours[1, :4], theirs[1, :4], atol=1e-5)

    def test_sub_sentences_are_blind_to_each_other(self, bert):
        ids = torch.randint(0, 50, (1, 6))
        seen = torch.block_diag(torch.ones(2, 2), torch.ones(4, 4)).bool()[None]
        places = torch.tensor([[0, 1, 0, 1, 2, 3]])
        together = TextBackbone(bert)(ids, seen, position_ids=places)["last_hidden_state"]
        alone = bert(input_ids=ids[:, 2:]).last_hidden_state
        assert torch.allclose(together[:, 2:], alone, atol=1e-5)

    def test_the_names_are_those_of_the_published_weights(self, bert):
        names = set(TextBackbone(bert).state_dict())
        assert {
            "embeddings.word_embeddings.weight",
            "embeddings.position_embeddings.weight",
            "embeddings.token_type_embeddings.weight",
            "embeddings.LayerNorm.bias",
            "encoder.layer.1.attention.self.query.weight",
            "encoder.layer.1.attention.output.LayerNorm.weight",
            "encoder.layer.1.intermediate.dense.bias",
            "encoder.layer.1.output.dense.weight",
            "pooler.dense.weight",
        } <= names
        assert len(names) == 5 + 2 * 16 + 2


class ScriptedNetwork(nn.Module):
    """Gives the certainties and boxes it was made with; keeps the captions."""

    def __init__(self, tokenizer: object, certainties: list[list[float]], boxes: list[list[float]]) -> None:
        super().__init__()
        self.tokenizer, self.captions = tokenizer, []
        logits = torch.full((1, len(boxes), 256), -torch.inf)
        for row, values in enumerate(certainties):
            logits[0, row, 1 : 1 + len(values)] = torch.logit(torch.tensor(values))
        self.output = {"pred_logits": logits, "pred_boxes": torch.tensor([boxes])}

    def forward(self, picture: torch.Tensor, captions: list[str]) -> dict[str, torch.Tensor]:
        self.captions += captions
        self.shape = tuple(picture.shape)
        return self.output


@pytest.fixture
def scripted(tiny_dino) -> ScriptedNetwork:
    # Certainty of "person", "on", "bicycle" and "." for four boxes.
    certainties = [[0.5, 0.1, 0.2, 0.9], [0.2, 0.1, 0.8, 0.1], [0.7, 0.1, 0.3, 0.1], [0.27, 0.1, 0.1, 0.9]]
    boxes = [[0.5, 0.5, 0.5, 0.5], [0.25, 0.25, 0.1, 0.1], [0.0, 0.5, 0.5, 1.0], [0.75, 0.5, 0.1, 0.2]]
    return ScriptedNetwork(tiny_dino.tokenizer, certainties, boxes)


class TestDetector:
    def test_both_thresholds(self, scripted):
        detector = Detector(scripted, torch.device("cpu"))
        found = detector.detect(PICTURE, "Person on bicycle", box_threshold=0.3, text_threshold=0.25)
        assert scripted.captions == ["person on bicycle ."]
        # The bicycle is no person, the full stop's certainty does not count, and the most certain comes first.
        assert found.scores.tolist() == pytest.approx([0.7, 0.5])
        assert found.boxes.tolist() == [[0, 0, 16, 48], [16, 12, 48, 36]]
        assert len(detector.detect(PICTURE, "Person on bicycle", 0.25, 0.25)) == 3
        assert len(detector.detect(PICTURE, "Person on bicycle", 0.25, 0.15)) == 4
        assert len(detector.detect(PICTURE, "Person on bicycle", 0.9, 0.25)) == 0

    def test_the_picture_is_resized_as_in_training(self, scripted):
        detector = Detector(scripted, torch.device("cpu"))
        detector.detect(PICTURE, "person", 0.3, 0.25)
        assert scripted.shape == (1, 3, 800, 1067)
        detector.detect(np.zeros((40, 160, 3), np.float32), "person", 0.3, 0.25)
        assert scripted.shape == (1, 3, 333, 1333)

    def test_a_phrase_without_words_finds_nothing(self, tiny_detector):
        assert len(tiny_detector.detect(PICTURE, " . ", 0.1, 0.1)) == 0

    def test_the_real_network(self, tiny_detector, tiny_changes, pair):
        found = tiny_detector.detect(pair.visible, "color cones on the road", 0.0, 0.0)
        assert 0 < len(found) <= tiny_changes["num_queries"]
        assert found.boxes.shape == (len(found), 4) and (np.diff(found.scores) <= 0).all()
        assert (found.boxes >= 0).all() and (found.boxes <= [64, 48, 64, 48]).all()
        again = tiny_detector.detect(pair.visible, "color cones on the road", 0.0, 0.0)
        assert np.array_equal(found.boxes, again.boxes)

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
    def test_a_gpu_needs_no_compiled_operator(self, tiny_dino, tiny_detector, pair):
        here = tiny_detector.detect(pair.visible, "cones", 0.0, 0.0)
        there = Detector(tiny_dino, torch.device("cuda"), 48, 96).detect(pair.visible, "cones", 0.0, 0.0)
        tiny_dino.cpu()
        assert np.allclose(here.boxes, there.boxes, atol=0.5)


def test_boxes_from_shares_to_pixels():
    shares = torch.tensor([[0.5, 0.5, 1.0, 1.0], [0.25, 0.5, 0.1, 0.2], [1.0, 0.0, 0.5, 0.5]])
    expected = [[0, 0, 200, 100], [40, 40, 60, 60], [150, 0, 200, 25]]
    assert np.allclose(pixel_boxes(shares, (100, 200)), expected, atol=1e-4)


def test_one_box_per_thing():
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]], np.float32)
    found = Detections(boxes, np.array([0.5, 0.9, 0.4], np.float32))
    assert suppressed(found, 0.5).tolist() == [1, 2]
    assert sorted(suppressed(found, 0.95).tolist()) == [0, 1, 2]


class TestLoading:
    def published(self, network: nn.Module) -> dict:
        """The network's weights as the publishers wrap them."""
        state = {f"module.{name}": value for name, value in network.state_dict().items()}
        state["module.label_enc.weight"] = torch.zeros(3, 4)
        state["module.bert.embeddings.position_ids"] = torch.arange(512)[None]
        return state

    def test_the_publishers_format(self, tiny_dino, tiny_changes, tmp_path):
        path = tmp_path / "published.pth"
        torch.save({"model": self.published(tiny_dino)}, path)
        loaded = load_network(path, **tiny_changes)
        own = tiny_dino.state_dict()
        assert all(torch.equal(value, own[name]) for name, value in loaded.state_dict().items())

    def test_a_missing_weight_is_told(self, tiny_dino, tiny_changes, tmp_path):
        state = self.published(tiny_dino)
        del state["module.feat_map.weight"]
        torch.save({"model": state}, tmp_path / "published.pth")
        with pytest.raises(CheckpointError, match="1 missing .feat_map.weight"):
            load_network(tmp_path / "published.pth", **tiny_changes)

    def test_nothing_in_the_file_is_executed(self, tiny_changes, tmp_path):
        path = tmp_path / "evil.pth"
        torch.save({"model": SimpleNamespace(harm=1)}, path)
        with pytest.raises(CheckpointError, match="evil.pth cannot be read safely"):
            load_network(path, **tiny_changes)

    def test_other_than_weights_under_model_is_told(self, tiny_changes, tmp_path):
        torch.save({"model": [1, 2]}, tmp_path / "published.pth")
        with pytest.raises(CheckpointError, match="must hold weights under model"):
            load_network(tmp_path / "published.pth", **tiny_changes)
