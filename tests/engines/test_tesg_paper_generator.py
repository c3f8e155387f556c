"""The paper's semantics: what is left of a caption, and masks out of noise differences."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

import engines.tesg.paper_generator as paper
from engines.errors import CheckpointError
from engines.tesg.engine import TesgEngine
from engines.tesg.paper_generator import (
    KEYWORDS,
    DiffusionSemantics,
    LatentDiffusion,
    normalised_mask,
    paper_semantics,
    without_keywords,
)
from engines.types import ImagePair

PAIR = ImagePair(np.full((60, 90, 3), 0.5, np.float32), np.full((60, 90), 0.5, np.float32))


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("a man walking past a parked car", "car", "a man walking past a parked"),
        ("a man walking past a parked car", "person", "walking past a parked car"),
        ("People in carpets", "person", "in carpets"),
        ("a scarf and cars", "car", "a scarf and"),
    ],
)
def test_only_whole_keywords_and_their_articles_leave_the_caption(text, name, left):
    assert without_keywords(text, KEYWORDS[name]) == left


class TestMask:
    def test_it_is_where_the_estimates_differ(self):
        first = torch.randn(4, 4, 8, 12, generator=torch.Generator().manual_seed(0))
        second = first.clone()
        second[..., 2:6, 6:11] += 0.5
        mask = normalised_mask(first, second, (64, 96))
        assert mask.shape == (64, 96) and mask.dtype == np.float32 and set(np.unique(mask)) == {0.0, 1.0}
        assert mask[20:44, 52:84].min() == 1.0 and mask[:10].max() == 0.0 and mask[:, :40].max() == 0.0

    def test_one_outlier_does_not_hide_the_rest(self):
        first = torch.zeros(1, 1, 20, 20) + 1.0
        second = first.clone()
        second[..., 5:15, 5:15] += 0.5
        second[..., 0, 0] += 50.0
        assert normalised_mask(first, second, (20, 20))[6:14, 6:14].min() == 1.0

    def test_no_difference_is_an_empty_mask(self):
        noise = torch.randn(2, 4, 8, 8)
        assert not normalised_mask(noise, noise.clone(), (16, 16)).any()


class FakePredictor:
    """Sees a car in the upper half of the visible picture and in the left half of the infrared one."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.calls = 0

    def noise(self, picture, texts, seed):
        height, width = picture.shape[-2] // 8, picture.shape[-1] // 8
        base = torch.randn(1, 4, height, width, generator=torch.Generator().manual_seed(seed))
        seen = torch.zeros(height, width)
        if self.calls < 2:
            seen[: height // 2] = 1.0
        else:
            seen[:, : width // 2] = 1.0
        self.calls += 1
        return torch.cat([base + (self.word in text) * seen for text in texts])


def test_the_mask_is_the_union_of_both_sources():
    predictor = FakePredictor("car")
    semantics = DiffusionSemantics(lambda picture: "a car on a road", predictor, draws=2).describe(PAIR)
    assert semantics.text == "a car on a road" and [region.label for region in semantics.regions] == ["car"]
    mask = semantics.regions[0].mask
    assert mask[:26].min() == 1.0 and mask[:, :40].min() == 1.0 and mask[36:, 52:].max() == 0.0


def test_a_caption_without_key_classes_gives_an_empty_mask():
    semantics = DiffusionSemantics(lambda picture: "trees at night", FakePredictor("car")).describe(PAIR)
    assert semantics.regions == () and not semantics.mask.any()


@pytest.mark.parametrize("said", ["a road", "a tall tree beside a road"])
def test_a_phrase_is_found_whether_the_caption_names_it_or_not(said):
    region = DiffusionSemantics(lambda picture: said, FakePredictor("tall tree"), draws=2).mask("tall tree", PAIR)
    assert region.label == "tall tree" and region.mask[:26].min() == 1.0 and region.box[:2] == (0, 0)


class FakePipeline:
    """Parts shaped like those of a latent diffusion pipeline."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.shrink = torch.nn.Conv2d(3, 4, 8, stride=8)
        self.vae = SimpleNamespace(
            config=SimpleNamespace(scaling_factor=0.5),
            encode=lambda x: SimpleNamespace(latent_dist=SimpleNamespace(mean=self.shrink(x))),
        )
        self.scheduler = SimpleNamespace(
            config=SimpleNamespace(num_train_timesteps=1000),
            add_noise=lambda latents, noise, step: latents + noise * step.item() / 1000,
        )
        self.tokenizer = self._tokens
        self.tokenizer.__func__.model_max_length = 5
        self.text_encoder = lambda ids: (ids.float()[..., None].expand(-1, -1, 4),)
        self.unet = self._unet
        self.unet.__func__.device = torch.device("cpu")

    def _tokens(self, texts, padding, max_length, truncation, return_tensors):
        ids = [[len(word) for word in text.split()][:max_length] for text in texts]
        return {"input_ids": torch.tensor([row + [0] * (max_length - len(row)) for row in ids])}

    def _unet(self, noisy, step, encoder_hidden_states):
        self.step = int(step)
        return SimpleNamespace(sample=noisy * encoder_hidden_states.mean(dim=1)[:, :, None, None])


def test_noise_is_predicted_under_each_text_with_the_same_noise_added():
    pipeline = FakePipeline()
    predictor = LatentDiffusion(pipeline, level=0.4)
    picture = torch.rand(1, 3, 64, 128) * 2 - 1
    with torch.inference_mode():
        twice = predictor.noise(picture, ["a car", "a car"], seed=3)
        apart = predictor.noise(picture, ["a car", "a parked car"], seed=3)
        other = predictor.noise(picture, ["a car", "a car"], seed=4)
    assert twice.shape == (2, 4, 8, 16) and pipeline.step == 400
    assert torch.equal(twice[0], twice[1]) and torch.equal(twice[0], apart[0])
    assert not torch.allclose(apart[0], apart[1]) and not torch.allclose(other[0], twice[0])


def test_a_missing_package_is_one_sentence_that_says_what_to_do(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(paper.importlib, "import_module", absent)
    with pytest.raises(CheckpointError, match="pip install diffusers"):
        TesgEngine(semantics="paper")


def test_missing_weights_are_one_sentence_that_says_what_to_do(monkeypatch):
    def absent(name, local_files_only):
        assert local_files_only
        raise OSError("no such file")

    package = SimpleNamespace(BlipProcessor=SimpleNamespace(from_pretrained=absent))
    monkeypatch.setattr(paper.importlib, "import_module", lambda name: package)
    with pytest.raises(CheckpointError, match="hf download Salesforce/blip"):
        paper_semantics(torch.device("cpu"))
