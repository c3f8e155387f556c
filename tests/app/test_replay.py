from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app import cli, pipeline
from app.decode import read_raster
from app.export import exact_bytes, float_array, plan, write_tiff
from app.replay import read_session, replay
from app.session import Session
from app.session_file import write_session
from app.zip_reader import ZipReader
from engines import Edit, InputError, Instruction, Region


def outcome_of(pair, text: str, engine: str = "auto", regions: tuple[Region, ...] = ()) -> pipeline.Outcome:
    read = pipeline.read_pair(pair.visible, pair.infrared)
    instruction = replace(pipeline.understand(text, "rules"), regions=regions)
    return pipeline.fuse(read, instruction, engine)


@pytest.fixture
def session_zip(pair, box_engine, tmp_path) -> Path:
    soft = np.linspace(0, 1, 48 * 64, dtype=np.float32).reshape(48, 64) ** 2
    painted = Region("kerb", soft, 1.0, (0, 20, 64, 48), graded=True)
    session = Session().with_step(outcome_of(pair, "make the cones clear"))
    session = session.with_step(outcome_of(pair, "make the kerb clear", regions=(painted,)))
    session = session.undone().with_step(outcome_of(pair, "", "max"))
    write_session(session, tmp_path / "session.zip")
    return tmp_path / "session.zip"


def rewritten(path: Path, changed: dict[str, bytes | None]) -> Path:
    """A copy of a ZIP with members replaced, added or, by None, left out."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, data in changed.items():
            if data is not None:
                new.writestr(name, data)
    return target


def member(path: Path, name: str) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(name))


class TestExport:
    def test_sixteen_bits_come_back(self, tmp_path):
        image = np.random.default_rng(1).random((9, 7, 3)).astype(np.float32)
        write_tiff(tmp_path / "x.tiff", image)
        pixels = read_raster(tmp_path / "x.tiff", "visible", 1000).pixels
        assert pixels.dtype == np.uint16 and np.abs(pixels / 65535 - image).max() <= 0.5 / 65535 + 1e-7

    @given(st.integers(0, 2**32 - 1), st.booleans())
    @settings(max_examples=20, deadline=None)
    def test_floats_lose_nothing(self, seed, stepped):
        random = np.random.default_rng(seed)
        picture = (random.integers(0, 256, (5, 6)) / np.float32(255)).astype(np.float32)
        picture = picture if stepped else random.random((5, 6)).astype(np.float32)
        suffix, data = exact_bytes(picture)
        if stepped:
            back = np.asarray(Image.open(io.BytesIO(data))).astype(np.float32) / np.float32(255)
        else:
            back = float_array(data)
        assert suffix == (".png" if stepped else ".npy") and np.array_equal(back, picture)

    def test_an_array_is_not_allocated_on_its_word(self):
        file = io.BytesIO()
        header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 20, 1 << 20)}
        np.lib.format.write_array_header_1_0(file, header)
        with pytest.raises(InputError, match="float32"):
            float_array(file.getvalue() + bytes(16))
        pickled = io.BytesIO()
        np.save(pickled, np.array([{}], dtype=object))
        with pytest.raises(InputError):
            float_array(pickled.getvalue())

    def test_a_plan_names_the_weights(self, pair, box_engine):
        made = plan(outcome_of(pair, "darken the sky"))
        assert made["engine"] == "terf" and len(made["weights"]["terf-embedded"]) == 64
        assert plan(outcome_of(pair, "", "max"))["weights"] == {}


class TestReplay:
    def test_every_step_comes_out_as_saved(self, session_zip, box_engine):
        asked = len(box_engine.asked)
        steps, made_with = read_session(session_zip)
        done = list(replay(steps, made_with))
        assert [step.same for step in done] == [True, True, True]
        assert [step.outcome.engine for step in done] == ["ris-fusion", "ris-fusion", "max"]
        first, second = box_engine.asked[asked:]
        assert first.edits == (Edit("cones", "highlight"),)
        soft = np.linspace(0, 1, 48 * 64, dtype=np.float32).reshape(48, 64) ** 2
        kept = second.known_region("kerb")
        assert np.array_equal(kept.mask, soft) and kept.graded

    def test_the_file_tells_what_was_done(self, session_zip):
        head = member(session_zip, "session.json")
        assert [step["parent"] for step in head["steps"]] == [None, 1, 1] and head["shown"] == 3
        assert [step["pair"] for step in head["steps"]] == [1, 1, 1]
        with zipfile.ZipFile(session_zip) as archive:
            names = set(archive.namelist())
        assert {"pairs/1/visible.png", "steps/1/region-1.png", "steps/2/overlay.png", "steps/3/report.json"} <= names
        made = member(session_zip, "steps/1/plan.json")
        assert made["seed"] == 0 and made["preset"] == "fast" and made["parser"] == "rules"

    def test_a_changed_result_is_found_and_other_weights_are_named(self, session_zip, tmp_path, capsys):
        picture = np.zeros((48, 64, 3), np.uint8)
        encoded = io.BytesIO()
        Image.fromarray(picture).save(encoded, format="PNG")
        made = member(session_zip, "steps/1/plan.json")
        made["weights"]["ris-fusion-embedded"] = "0" * 64
        changed = {"steps/1/result.png": encoded.getvalue(), "steps/1/plan.json": json.dumps(made).encode()}
        file = rewritten(session_zip, changed)
        assert cli.main(["replay", str(file), "--output", str(tmp_path / "out")]) == 2
        said = capsys.readouterr().err
        assert "ris-fusion-embedded is another one: sha256 000000000000 then" in said
        assert "1 of 3 steps did not come out as saved: step 1 differs in 3072 pixels" in said
        report = json.loads((tmp_path / "out" / "replay.json").read_text(encoding="utf-8"))
        assert [step["same"] for step in report["steps"]] == [False, True, True]

    def test_a_weight_file_of_this_machine_is_not_loaded_on_the_files_word(self, session_zip, box_engine):
        made = member(session_zip, "steps/1/plan.json") | {"checkpoint": "/etc/passwd"}
        file = rewritten(session_zip, {"steps/1/plan.json": json.dumps(made).encode()})
        asked = len(box_engine.asked)
        steps, made_with = read_session(file)
        step = next(iter(replay(steps, made_with)))
        assert step.outcome is None and "no registry" in step.why[0] and len(box_engine.asked) == asked

    def test_the_command_line_saves_and_replays(self, pair, tmp_path, capsys):
        deep, saved = tmp_path / "x.tiff", tmp_path / "s.zip"
        words = [*pair.arguments, "--text", "", "--engine", "laplacian", "--output", str(deep), "--session", str(saved)]
        assert cli.main(["fuse", *words]) == 0
        assert read_raster(deep, "visible", 10_000).pixels.dtype == np.uint16
        assert cli.main(["replay", str(saved), "--output", str(tmp_path / "again")]) == 0
        assert "1 steps made again, every pixel as saved" in capsys.readouterr().err
        assert (tmp_path / "again" / "step-1.png").is_file()

    @pytest.mark.slow
    def test_real_engines_repeat_themselves(self, pair, tmp_path):
        session = Session().with_step(outcome_of(pair, "make the square clear"))
        session = session.with_step(outcome_of(pair, "darken the square much", "terf"))
        session = session.with_step(outcome_of(pair, "reduce the noise in the image"))
        write_session(session, tmp_path / "s.zip")
        assert cli.main(["replay", str(tmp_path / "s.zip"), "--output", str(tmp_path / "again")]) == 0


class TestHostileFiles:
    def refused(self, file: Path) -> str:
        with pytest.raises(InputError) as caught:
            read_session(file)
        assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
        return str(caught.value)

    @pytest.mark.parametrize("name", ["../evil.png", "/etc/evil", "a/../../b", "..\\evil", "C:\\evil"])
    def test_names_that_lead_out(self, session_zip, name):
        assert "leads out" in self.refused(rewritten(session_zip, {name: b"x"}))

    def test_bombs(self, session_zip, tmp_path):
        assert "far more" in self.refused(rewritten(session_zip, {"steps/1/result.png": bytes(1 << 25)}))
        many = tmp_path / "many.zip"
        with zipfile.ZipFile(many, "w") as archive:
            for number in range(1001):
                archive.writestr(f"{number}", b"")
        assert "at most 1000 files" in self.refused(many)
        with pytest.raises(InputError, match="unpacked"):
            ZipReader(session_zip, max_bytes=100)

    def test_what_is_no_session(self, session_zip, tmp_path):
        plain = tmp_path / "plain.zip"
        plain.write_bytes(b"no archive")
        assert "none" in self.refused(plain)
        assert "not found" in self.refused(tmp_path / "missing.zip")
        for changed in (
            {"session.json": b"[]"},
            {"session.json": b"{"},
            {"session.json": None},
            {"session.json": b'{"format": 2}'},
            {"session.json": b'{"format": 1, "steps": 7}'},
            {"steps/1/plan.json": b"{}"},
            {"steps/1/result.png": None},
            {"steps/1/result.png": b"<svg/>"},
            {"pairs/1/visible.png": None, "pairs/1/visible.npy": b"x"},
        ):
            self.refused(rewritten(session_zip, changed))

    @given(st.data())
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_flipped_bytes_end_in_one_sentence_or_a_session(self, session_zip, data):
        whole = bytearray(session_zip.read_bytes())
        for where in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
            whole[where] ^= data.draw(st.integers(1, 255))
        file = session_zip.with_name("flipped.zip")
        file.write_bytes(bytes(whole))
        try:
            steps, made_with = read_session(file)
        except InputError as error:
            assert str(error)
        else:
            assert len(steps) == 3 and "threads" in made_with


def test_instructions_survive_whatever_was_typed(pair, box_engine, tmp_path):
    text = "<img src=x> 🚧 \u202eright to left\u202c {{7*7}} " + "x" * 500
    outcome = pipeline.fuse(pipeline.read_pair(pair.visible, pair.infrared), Instruction(text, (Edit(text, "darken"),)))
    write_session(Session().with_step(outcome), tmp_path / "s.zip")
    (saved,), _ = read_session(tmp_path / "s.zip")
    assert saved.instruction.text == text and saved.instruction.edits[0].region == text
