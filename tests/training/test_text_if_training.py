"""The Text-IF recipe: sentences, samples, losses, files, resuming, learning."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engines.checkpoints import load_safetensors
from engines.text_if.config import TextIfConfig
from engines.text_if.model import TextIf
from engines.text_if.sentences import DEFAULT_SENTENCE
from training import text_if
from training.degradations import DEGRADATIONS
from training.fusion_pairs import load_pairs
from training.losses.text_if import TASK_WEIGHTS, TaskWeights, text_if_loss
from training.restoration_sentences import HELD_OUT, PLAIN, training_sentences
from training.text_if import Recipe, batch_loss, train, validation_loss
from training.text_if_samples import Sampler
from training.timed_run import begin

TASKS = [PLAIN, *DEGRADATIONS]
TINY = TextIfConfig(
    width=4,
    blocks=(1, 1, 1, 1),
    refinement=0,
    heads=(1, 1, 2, 2),
    expansion=1,
    groups=4,
    text_dim=len(TASKS),
    guidance_dim=8,
    scale=2,
    restores_sources=True,
    text_encoder="minilm",
)


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data"
    (folder / "visible").mkdir(parents=True)
    (folder / "infrared").mkdir()
    rng = np.random.default_rng(0)
    lines = []
    for name, split in (("a", "train"), ("b", "train"), ("c", "val")):
        for kind, shape in (("visible", (12, 14, 3)), ("infrared", (12, 14))):
            levels = rng.integers(40, 200, shape, np.uint8).repeat(4, axis=0).repeat(4, axis=1)
            Image.fromarray(levels).save(folder / kind / f"{name}.png")
        lines.append(json.dumps({"image": name, "split": split}))
    (folder / "refs.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def one_hot() -> dict[str, torch.Tensor]:
    """A feature per task that tells it from the others, for every sentence of it."""
    return {task: torch.eye(len(TASKS))[[i, i]] for i, task in enumerate(TASKS)}


@pytest.fixture(autouse=True)
def sentences_without_an_encoder(monkeypatch) -> None:
    monkeypatch.setattr(text_if, "sentence_features", lambda config, sentences: one_hot())


def test_every_task_has_sentences_that_training_and_evaluation_do_not_share():
    sentences = training_sentences()
    assert set(sentences) == set(TASKS) == set(TASK_WEIGHTS) and set(HELD_OUT) == set(DEGRADATIONS)
    every = [sentence for texts in sentences.values() for sentence in texts]
    assert len(every) == len(set(every)) > 400 and not any("{" in sentence for sentence in every)
    assert DEFAULT_SENTENCE in sentences[PLAIN]
    assert not {text.lower() for text in every} & {text.lower() for texts in HELD_OUT.values() for text in texts}


def test_samples_want_the_clean_pair_only_where_the_sentence_names_what_is_wrong(data):
    batch = Sampler(load_pairs([data], "train"), one_hot(), 16, seed=0).draw(80, 40)
    assert batch.visible.shape == (80, 3, 32, 32) and batch.infrared.shape == (80, 1, 32, 32)
    as_given, restored, wrong = 0, 0, 0
    for i, task in enumerate(batch.tasks):
        visible_same = torch.equal(batch.visible[i], batch.wanted_visible[i])
        infrared_same = torch.equal(batch.infrared[i], batch.wanted_infrared[i])
        named = TASKS[int(batch.text[i].argmax())]
        if task == PLAIN:
            assert visible_same and infrared_same
            as_given += 1
            wrong += named != PLAIN
        else:
            assert named == task
            assert (not visible_same, not infrared_same) == (
                DEGRADATIONS[task].source == "visible",
                DEGRADATIONS[task].source == "infrared",
            )
            restored += 1
    assert as_given > 10 and restored > 30 and wrong > 2


def test_some_degradations_may_be_drawn_more_often(data):
    def share(more: tuple[str, ...]) -> float:
        batch = Sampler(load_pairs([data], "train"), one_hot(), 16, seed=0, more=more).draw(300, 16)
        return sum(task == "stripe noise" for task in batch.tasks) / sum(task != PLAIN for task in batch.tasks)

    assert share(()) == pytest.approx(1 / 5, abs=0.08)
    assert share(("stripe noise",)) == pytest.approx(3 / 7, abs=0.08)


def test_the_loss_is_least_at_what_is_wanted_and_weighs_its_terms():
    torch.manual_seed(0)
    visible, infrared = torch.rand(1, 3, 24, 24), torch.rand(1, 1, 24, 24)
    flat = torch.full((1, 3, 24, 24), 0.5)
    only = TaskWeights(intensity=1.0, structure=0.0, gradient=0.0, color=0.0)
    grey = infrared.expand(1, 3, -1, -1)
    total, terms = text_if_loss(grey, grey, infrared, TaskWeights())
    assert float(total) == pytest.approx(0.0, abs=1e-5) and set(terms) == {
        "intensity",
        "structure",
        "gradient",
        "color",
    }
    assert float(text_if_loss(flat, visible, infrared, TaskWeights())[0]) > 0.5
    loss, terms = text_if_loss(flat, visible, infrared, only)
    assert float(loss) == pytest.approx(float(terms["intensity"]))
    more = replace(TaskWeights(), infrared_structure=2.0)
    assert float(text_if_loss(flat, visible, infrared, more)[0]) > float(
        text_if_loss(flat, visible, infrared, TaskWeights())[0]
    )


def test_training_writes_weights_and_resumes_with_or_without_its_state(data, tmp_path):
    checkpoint, state = tmp_path / "weights.safetensors", tmp_path / "runs" / "state.pt"
    recipe = Recipe(batch=2, crop=32, checkpoint_seconds=1e9, validation_batches=1)

    def run(minutes: float, resume: bool) -> dict[str, float]:
        return train([data], minutes, resume, "cpu", recipe, TINY, checkpoint, state)

    first = run(0.005, False)
    assert first["steps"] >= 1 and np.isfinite(first["best"])
    tensors, configuration = load_safetensors(checkpoint)
    assert all(tensor.dtype == torch.float16 for tensor in tensors.values())
    TextIf(TextIfConfig.from_dict(configuration)).load_state_dict(tensors)
    second = run(0.005, True)
    assert second["steps"] > first["steps"] and second["best"] <= first["best"]
    state.unlink()
    kept = load_safetensors(checkpoint)[0]["output.weight"]
    assert run(0.0, True)["best"] == pytest.approx(second["best"], abs=5e-3)
    assert torch.equal(load_safetensors(checkpoint)[0]["output.weight"], kept), "no worse weights replace better ones"


@pytest.mark.slow
def test_steps_lower_the_loss_of_the_average(data, tmp_path):
    recipe = Recipe(learning_rate=5e-3, average=0.5)
    run = begin(
        lambda read: TextIf(TextIfConfig.from_dict(read)),
        TINY.to_dict(),
        lambda model: torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate),
        recipe,
        torch.device("cpu"),
        tmp_path / "weights.safetensors",
        tmp_path / "state.pt",
        resume=False,
        average=recipe.average,
    )
    sampler = Sampler(load_pairs([data], "train"), one_hot(), TINY.multiple, seed=0)
    batches = [sampler.draw(8, 32) for _ in range(2)]
    before = validation_loss(run.kept, batches, torch.device("cpu"))
    for _ in range(15):
        for batch in batches:
            run.learn(batch_loss(run.model, batch, torch.device("cpu"))[0])
    assert validation_loss(run.kept, batches, torch.device("cpu")) < before - 0.05
