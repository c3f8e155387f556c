"""The codebook: nearest codes, gradients, and codes that nobody uses."""

from __future__ import annotations

import pytest
import torch

from engines.text2pixels.codebook import Codebook, PictureNorm, perplexity


def _book(codes: int = 32, channels: int = 6, seed: int = 0) -> Codebook:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Codebook(codes, channels)


def test_a_feature_becomes_its_nearest_code_and_the_loss_is_their_squared_distance():
    book = _book().eval()
    features = torch.randn(2, 5, 6, generator=torch.Generator().manual_seed(1))
    quantised = book(features)
    distances = ((features[:, :, None] - book.codes) ** 2).sum(dim=-1)
    assert torch.equal(quantised.indices, distances.argmin(dim=-1))
    assert torch.allclose(quantised.features, book.codes[quantised.indices], atol=1e-6)
    assert quantised.loss.item() == pytest.approx(distances.min(dim=-1).values.mean().item(), rel=1e-5)


def test_the_gradient_passes_straight_through_and_the_loss_pulls_features_to_their_codes():
    book = _book().eval()
    features = torch.randn(1, 4, 6, generator=torch.Generator().manual_seed(2), requires_grad=True)
    quantised = book(features)
    (quantised.features * torch.arange(6.0)).sum().backward()
    assert torch.allclose(features.grad, torch.arange(6.0).expand(1, 4, 6))
    features.grad = None
    book(features).loss.backward()
    codes = book.codes[book.nearest(features.detach())]
    assert torch.allclose(features.grad, 2.0 * (features.detach() - codes) / 4, atol=1e-6)


def test_outside_training_codes_stay():
    book = _book().eval()
    before = book.codes.clone()
    book(torch.randn(1, 50, 6))
    assert torch.equal(book.codes, before)


def test_codes_follow_the_features_and_an_unused_one_starts_again_at_a_feature():
    torch.manual_seed(0)
    book = _book(codes=4, channels=2)
    clusters = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    features = clusters.repeat_interleave(25, dim=0)[None]
    # As if three had been far from everything all along.
    book.codes.copy_(torch.tensor([[5.0, 5.0], [900.0, 0.0], [0.0, 900.0], [900.0, 900.0]]))
    book.usage.copy_(torch.tensor([1.0, 0.0, 0.0, 0.0]))
    book.sums.copy_(book.codes * book.usage[:, None])
    book(features)
    restarted = book.codes[1:]
    assert all((clusters == code).all(dim=1).any() for code in restarted), "a dead code becomes a feature of the batch"
    for _ in range(200):
        book(features)
    used = torch.bincount(book(features).indices.flatten(), minlength=4)
    assert perplexity(used) == pytest.approx(4.0)


@pytest.mark.parametrize("spread", [0.01, 1.0])
def test_usage_stays_high_while_features_drift(spread):
    torch.manual_seed(3)
    book = _book(codes=32, channels=6)
    for step in range(150):
        book(spread * (torch.randn(1, 256, 6) + 0.01 * step))
    used = torch.bincount(book.nearest(spread * (torch.randn(4096, 6) + 0.01 * 149)), minlength=32)
    assert perplexity(used) > 16.0


def test_perplexity_counts_evenly_used_codes():
    assert perplexity(torch.tensor([3.0, 3.0, 3.0, 0.0])) == pytest.approx(3.0)
    assert perplexity(torch.tensor([7.0, 0.0])) == pytest.approx(1.0)


def test_normalised_features_wander_without_the_codebook_collapsing():
    torch.manual_seed(4)
    norm, book = PictureNorm(), _book(codes=32, channels=6)
    for step in range(120):
        book(norm(0.1 * torch.randn(1, 256, 6) + 0.02 * step))
    drawn = 0.1 * torch.randn(1, 4096, 6) + 0.02 * 119
    used = torch.bincount(book.nearest(norm(drawn)).flatten(), minlength=32)
    assert perplexity(used) > 16.0


def test_every_picture_has_its_own_mean_and_spread():
    features = torch.randn(3, 500, 4, generator=torch.Generator().manual_seed(0))
    spread, mean = torch.tensor([[0.01, 1.0, 30.0], [5.0, -2.0, 100.0]])[..., None, None]
    shifted = features * spread + mean
    out = PictureNorm()(shifted)
    assert out.mean(dim=1).abs().max() < 1e-3
    assert torch.allclose(out[1:].std(dim=1), torch.ones(2, 4), atol=0.01)
    assert torch.allclose(out[1], PictureNorm()(features)[1], atol=1e-3)


def test_a_blank_picture_stays_finite():
    assert torch.equal(PictureNorm()(torch.full((1, 64, 4), 3.0)), torch.zeros(1, 64, 4))
