"""The embedded text encoder: batches change nothing, long texts are cut as asked, words know their pieces."""

from __future__ import annotations

import pytest
import torch

from engines.ris_fusion.config import EMBEDDED, PUBLISHED
from engines.text_encoder import TextEncoder, minilm_folder, text_encoder

LONG = "the tall man in the unbelievably bright orange raincoat behind the second bicycle"


@pytest.fixture(scope="module", params=[True, False], ids=["keeps its end", "loses it"])
def encoder(request):
    return TextEncoder(minilm_folder(), 8, request.param)


def test_a_text_reads_the_same_alone_and_in_a_batch(encoder):
    both = encoder.encode(["the car", LONG])
    for row, text in enumerate(("the car", LONG)):
        alone = encoder.encode([text])
        count = int(alone.mask.sum())
        torch.testing.assert_close(both.words[row, :count], alone.words[0, :count], atol=1e-5, rtol=1e-4)
        assert int(both.mask[row].sum()) == count
    assert both.truncated == (False, True)


def test_a_long_text_is_cut_with_or_without_its_end_mark(encoder):
    kept = encoder.words_of(LONG)
    assert len(kept) == 8 == encoder.encode([LONG]).words.shape[1] and kept[0] is None
    assert (kept[-1] is None) is encoder.keeps_end
    assert [word for word in kept if word][:4] == ["the", "tall", "man", "in"]
    assert encoder.words_of("the car") == [None, "the", "car", None]


def test_an_empty_text_has_no_words(encoder):
    assert not encoder.encode(["", "  "]).mask.any()


def test_the_published_network_was_trained_without_the_end_mark():
    assert EMBEDDED.keeps_end and not PUBLISHED.keeps_end
    assert text_encoder("minilm", 8, False) is not text_encoder("minilm", 8)
