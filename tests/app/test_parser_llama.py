"""The LLaMA parser through llama.cpp for real: readings, properties of any text, and what stands in for it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import app.parser
from app.parser import parse
from app.parser.agreement import HINT, bare_region, same_reading
from app.parser.answers import AnswerError, read_answer, write_answer
from app.parser.demonstrations import TERMINATOR, demonstrated_prompt
from app.parser.gbnf import build_grammar
from app.parser.llama_prompt import FORMAT_KEY, SPECIALS
from app.parser.remarks import NOT_ENGLISH, NOTHING_UNDERSTOOD
from app.parser.tokens import MAX_LENGTH
from app.parser.units import find_span, shown, split_units
from engines import checkpoints
from engines.errors import CheckpointError, InputError
from engines.types import EFFECTS, STRENGTHS, Edit

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")

from app.parser.llama import LlamaParser  # noqa: E402 (after importorskip)
from app.parser.llama_runtime import LlamaRuntime  # noqa: E402

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "data" / "instructions.jsonl"
SENTENCES = HERE / "parser_sentences.jsonl"
EVALUATION = HERE.parents[1] / "evaluation"


def _cases(path: Path) -> list[tuple[str, list[tuple[str | None, str, int]]]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (row["text"], [(edit["region"], edit["effect"], edit["strength"]) for edit in row["edits"]]) for row in rows
    ]


def _read(text: str, parser: str = "llama") -> list[tuple[str | None, str, int]]:
    return [(edit.region, edit.effect, edit.strength) for edit in parse(text, parser).edits]


def _wrong(cases) -> list[str]:
    wrong = []
    for text, edits in cases:
        expected = [(bare_region(region), effect, strength) for region, effect, strength in edits]
        if [(bare_region(region), effect, strength) for region, effect, strength in _read(text)] != expected:
            wrong.append(text)
    return wrong


@pytest.fixture(scope="module")
def embedded() -> LlamaParser:
    """The embedded weights."""
    return LlamaParser(checkpoints.verify(checkpoints.find("parser")))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory) -> Path:
    """A GGUF file that says nothing about a prompt it was trained for, as those of others do."""
    content = checkpoints.verify(checkpoints.find("parser")).read_bytes()
    assert content.count(FORMAT_KEY.encode()) == 1
    path = tmp_path_factory.mktemp("stranger") / "stranger.gguf"
    path.write_bytes(content.replace(FORMAT_KEY.encode(), b"x" * len(FORMAT_KEY)))
    return path


# Readings


@pytest.mark.skipif(not SHARED.is_file(), reason="../shared/data with the contract's sentences is not here")
def test_the_contract_s_sentences():
    assert _wrong(_cases(SHARED)) == []


@pytest.mark.parametrize(
    ("file", "count"),
    [(SENTENCES, 178), (EVALUATION / "parser_everyday.jsonl", 114), (EVALUATION / "parser_unseen.jsonl", 50)],
    ids=lambda value: getattr(value, "stem", value),
)
def test_sentences_written_by_hand(file: Path, count: int):
    """At least nine tenths of sentences that the grammar of training did not write."""
    cases = _cases(file)
    wrong = _wrong(cases)
    assert len(cases) == count and len(wrong) <= 0.1 * len(cases), wrong


def test_regions_keep_the_typed_case_and_spacing():
    assert _read("Darken the  Big   TREE, please") == [("Big   TREE", "darken", 1)]


def test_the_result_names_the_parser():
    assert parse("make the cones clear").parser == "llama"
    assert parse("make the cones clear", "llama").parser == "llama"
    assert parse("make the cones clear", "rules").parser == "rules"


# Properties


# Characters that Unicode takes apart into many others.
LONG_FORMS = ("㍿", "ﷺ", "㌖", "㈱", "½", "ΐ", "\U0001d160")


def hostile_texts(count: int, seed: int = 3) -> list[str]:
    """Quotes, control characters, emoji, scripts, special tokens, pieces of grammars and of programs, mixed."""
    generator = random.Random(seed)
    pieces = [
        *SPECIALS, "<|eos|>", "</s>", "<s>", "[INST]", '"', "\\", '\\"', "'", "`", "\n", "\r\n", "\t", "\0",
        "\x1b[0m", "\x7f", "root ::= ", "::=", "|", "(", ")", "[a-z]*", "{1,999}", "\\x00", "\\u0000", "\\n",
        "%s%n", "${x}", "#", "//", "/*", "😀", "👩‍👩‍👧", "🏳️‍🌈", "漢字", "日本語",
        "привет", "مرحبا", "é", "e\u0301", "ß", "İ", "ﬁ", "\u200b", "\u202e", "\ufeff",
        "\ud800", "\udfff", "\ue000", "\uffff", "\U0010ffff", "١٢", "½", "make", "the", "car", "brighter",
        "and", "a", "none", "highlight 1", "brighten 2 car", "''", '""', "“”", "’s", "'s", "-", "--",
        "3.5", "1,000", "..", "…", " ", "  ", "x" * 40, "a " * 20, *LONG_FORMS,
    ]  # fmt: skip
    texts = [
        "",
        " ",
        "\0",
        '"',
        "'",
        "\\",
        "the",
        "a an the",
        "and and and",
        "a" * 5000,
        "the car " * 60,
        '"' * 300,
        "😀" * 300,
        *(sign * 300 for sign in LONG_FORMS),
    ]
    while len(texts) < count:
        chance = generator.random()
        if chance < 0.75:
            texts.append(generator.choice(("", " ")).join(generator.choices(pieces, k=generator.randint(1, 25))))
        else:
            highest = generator.choice((0x80, 0x800, 0x10000, 0x110000))
            texts.append("".join(chr(generator.randrange(highest)) for _ in range(generator.randint(1, 60))))
    return texts


def _check_properties(parser: LlamaParser, text: str) -> None:
    instruction = parser.parse(text)
    assert instruction.text == text
    keys = set()
    for edit in instruction.edits:
        assert edit.effect in EFFECTS and edit.strength in STRENGTHS
        if edit.region is not None:
            assert edit.region in text[:MAX_LENGTH] and edit.region.strip() == edit.region != ""
        keys.add((edit.region and edit.region.casefold(), edit.effect))
    assert len(keys) == len(instruction.edits)
    assert instruction.edits or instruction.notes or not text[:MAX_LENGTH].strip()


def test_any_text_gives_valid_edits_whose_regions_are_spans_of_it(embedded):
    for text in hostile_texts(60):
        _check_properties(embedded, text)


@pytest.mark.parametrize("parser", ["llama", "auto", "rules"])
@pytest.mark.parametrize("sign", LONG_FORMS)
def test_signs_that_stand_for_a_phrase_ask_for_nothing(sign, parser):
    for text in (sign * 300, f"{sign} " * 150, f"{sign} " * 20):
        instruction = parse(text, parser)
        assert instruction.edits == () and not {NOTHING_UNDERSTOOD, NOT_ENGLISH}.isdisjoint(instruction.notes)
    assert _read(f"brighten the car {sign}, please", parser)[0][1] == "brighten"


def test_a_text_that_fills_the_context_is_read_by_the_rules_which_is_said(embedded, monkeypatch):
    monkeypatch.setattr(embedded._runtime, "context", 24)
    instruction = embedded.parse("brighten the car and darken the sky behind the tree")
    assert instruction.parser == "rules" and "too many signs" in instruction.notes[0]
    assert [edit.effect for edit in instruction.edits] == ["brighten", "darken"]


def test_hostile_texts_give_grammars_that_llama_cpp_reads(embedded):
    for text in hostile_texts(1000, seed=5):
        assert embedded._runtime.accepts(build_grammar(split_units(text[:MAX_LENGTH]))), repr(text)


@pytest.mark.slow
def test_ten_thousand_hostile_texts(embedded):
    for i, text in enumerate(hostile_texts(10_000, seed=9)):
        assert embedded._runtime.accepts(build_grammar(split_units(text[:MAX_LENGTH]), TERMINATOR)), repr(text)
        if i % 5 == 0:
            _check_properties(embedded, text)


def test_a_grammar_that_llama_cpp_cannot_read_never_reaches_the_sampler(embedded):
    for grammar in ("", "root ::= (", 'x ::= "a"', 'root ::= "a" missing'):
        assert not embedded._runtime.accepts(grammar)
        with pytest.raises(ValueError, match="cannot read the grammar"):
            embedded._runtime.write([0, 1], grammar, 5)


def test_special_tokens_in_a_text_stay_text(embedded):
    for special in SPECIALS:
        assert not set(embedded._runtime.tokenize(f" {special}")) & set(range(len(SPECIALS)))
    assert _read("<|answer|> darken the wall <|end|>") == [("wall", "darken", 1)]


def test_reading_is_deterministic(embedded):
    texts = [text for text, _ in _cases(SENTENCES)[::9]]
    first = [embedded.parse(text) for text in texts]
    assert [embedded.parse(text) for text in reversed(texts)] == first[::-1]


def test_several_threads_may_read_at_once(embedded):
    texts = [text for text, _ in _cases(SENTENCES)[::6]]
    expected = [embedded.parse(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(embedded.parse, texts)) == expected


def test_a_text_is_read_in_a_twentieth_of_a_second(embedded):
    texts = [text for text, _ in _cases(SENTENCES)]
    embedded.parse(texts[0])
    start = time.process_time()
    for text in texts:
        embedded.parse(text)
    assert (time.process_time() - start) / len(texts) < 0.05


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="/proc, where Linux tells the memory, is not here")
def test_a_process_that_only_parses_is_small_and_knows_no_torch():
    script = (
        "import sys; from app.cli import main; assert main(['parse', 'make the cones clear']) == 0; "
        "assert 'torch' not in sys.modules; print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=HERE.parents[1], check=True
    )
    answer, kilobytes = done.stdout.splitlines()
    assert json.loads(answer)["parser"] == "llama" and json.loads(answer)["edits"][0]["region"] == "cones"
    assert int(kilobytes) < 100_000


# Misspelt verbs and adjectives, and words that say nothing


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("hightlight the car", [("car", "highlight", 1)]),
        ("Hightlight the people on the left", [("people on the left", "highlight", 1)]),
        ("highlite the dog", [("dog", "highlight", 1)]),
        ("hightlight the bycicle", [("bycicle", "highlight", 1)]),
        ("brighten the sky and hightlight the car", [("sky", "brighten", 1), ("car", "highlight", 1)]),
        ("please denoice the sky", [("sky", "denoise", 1)]),
        ("brighton pier", [("brighton pier", "highlight", 1)]),
    ],
)
def test_a_misspelt_verb_is_read_as_what_it_is_a_slip_of(text, edits):
    assert _read(text) == edits


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("make the cones claer", [("cones", "highlight", 1)]),
        ("make the people at the crossing detaild, please", [("people at the crossing", "visible", 1)]),
        ("make the sky brigther and the road daker", [("sky", "brighten", 1), ("road", "darken", 1)]),
        ("the car should be promnent", [("car", "highlight", 1)]),
        ("highlight the claer", [("claer", "highlight", 1)]),
        ("brighten the shap", [("shap", "brighten", 1)]),
    ],
)
def test_a_misspelt_adjective_is_read_as_what_it_is_a_slip_of_where_a_request_ends(text, edits):
    assert _read(text) == edits


@pytest.mark.parametrize("text", ["the the the", "the " * 75, "a " * 150, "The of and to", "it", "this, that"])
@pytest.mark.parametrize("parser", ["llama", "rules"])
def test_words_that_name_nothing_ask_for_nothing(text, parser):
    assert _read(text, parser) == []


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("it is much too dark", [(None, "brighten", 2)]),
        ("the sky is much too bright", [("sky", "darken", 2)]),
        ("much too bright", [(None, "darken", 2)]),
        ("the sky is too bright", [("sky", "darken", 1)]),
    ],
)
@pytest.mark.parametrize("parser", ["llama", "rules"])
def test_what_is_much_too_dark_is_to_be_much_brighter(text, edits, parser):
    assert _read(text, parser) == edits


# Notes


def test_empty_text_is_plain_fusion_without_remark():
    for text in ("", "   ", "\n\t"):
        assert parse(text, "llama").edits == () and parse(text, "llama").notes == ()


def test_nothing_understood_is_said():
    assert "Nothing" in parse("what is the weather tomorrow?", "llama").notes[0]


def test_long_text_is_cut_at_300_characters():
    text = "brighten the car, " + "x" * 290 + " and darken the sky"
    instruction = parse(text, "llama")
    assert all(edit.region != "sky" for edit in instruction.edits)
    assert any("300" in note and str(len(text)) in note for note in instruction.notes)


def test_where_the_rules_read_differently_a_hint_tells(embedded, monkeypatch):
    text = "make the cones clear"
    assert embedded.parse(text).notes == ()
    monkeypatch.setattr(embedded, "read", lambda text: ([Edit("cones", "brighten", 2)], True))
    (hint,) = embedded.parse(text).notes
    assert hint.startswith(HINT) and "highlight “cones”" in hint
    monkeypatch.setattr(embedded, "read", lambda text: ([], True))
    assert [note.startswith(HINT) for note in embedded.parse(text).notes] == [False, True]


def test_an_answer_that_broke_off_keeps_its_whole_lines(embedded, monkeypatch):
    monkeypatch.setattr(embedded, "answer", lambda units: ("brighten 1 road\ndarken 1 sk", False))
    instruction = embedded.parse("brighten the road and darken the sky")
    assert instruction.edits == (Edit("road", "brighten", 1),)
    assert "broke off" in instruction.notes[0]


def test_an_answer_that_broke_off_over_what_asks_for_nothing_is_not_believed(embedded, monkeypatch):
    monkeypatch.setattr(embedded, "answer", lambda units: ("infrared 3\ndenoise 3\nden", False))
    instruction = embedded.parse("zzz zzz zzz")
    assert instruction.edits == () and "broke off" in instruction.notes[0]


# Units, answers and grammars


def test_units_know_their_place():
    text = "Make the  car's “OLD” T-shirt\x00brighter, 3.5x!"
    units = split_units(text)
    assert [unit.shown for unit in units] == (
        ["make", "the", "car", "'s", '"', "old", '"', "t-shirt", "brighter", ",", "3.5x", "!"]
    )
    assert [text[unit.start : unit.end] for unit in units][:3] == ["Make", "the", "car"]
    assert find_span(units, ["old", '"', "t-shirt"]) == (5, 8) and find_span(units, ["car", "old"]) is None
    assert shown(units[:2]) == " make the"


def test_answers_are_written_and_read():
    text = "brighten the Road and the sky a lot"
    units = split_units(text)
    edits = [("Road", "brighten", 2), (None, "denoise", 1)]
    answer = write_answer(edits)
    assert answer == "brighten 2 road\ndenoise 1"
    assert read_answer(answer, text, units) == [Edit("Road", "brighten", 2), Edit(None, "denoise", 1)]
    assert write_answer([]) == "none" and read_answer("none", text, units) == []
    merged = read_answer("brighten 1 road\nbrighten 3 road", text, units)
    assert merged == [Edit("Road", "brighten", 3)]


@pytest.mark.parametrize(
    "answer", ["brighten 1 moon", "paint 1 road", "brighten 4 road", "brighten", "", "brighten 1 ,"]
)
def test_answers_that_no_grammar_allows_are_refused(answer):
    text = "brighten, the road"
    with pytest.raises(AnswerError):
        read_answer(answer, text, split_units(text))


def test_a_grammar_is_a_chain_of_the_sentence_s_words():
    grammar = build_grammar(split_units('darken the "sky" and'))
    assert "region ::= u0 | u2 | u3" in grammar and '" \\""' in grammar
    assert 'u1 ::= " the" u2' in grammar and "u1?" not in grammar.split("u1 ::=")[1]
    assert "u5" not in grammar
    assert build_grammar(split_units("!")).count("region") == 0
    assert build_grammar(split_units("' ' (")).count("region") == 0


# Other models, and none


def test_any_other_model_is_shown_examples_and_bound_by_the_same_grammar(stranger, monkeypatch):
    monkeypatch.setattr("app.parser.llama._LONGEST_ANSWER", 24)
    parser = LlamaParser(stranger, "llama:stranger")
    prompt = demonstrated_prompt(split_units("make the cones clear"))
    assert prompt.endswith("Instruction: make the cones clear\nAnswer:\n") and prompt.count("Answer:") > 10
    for text in ["make the cones clear", *hostile_texts(24, seed=4)[20:]]:
        _check_properties(parser, text)
    assert parse("make the cones clear", f"llama:{stranger}").parser == f"llama:{stranger}"


def test_no_model_file_and_no_such_checkpoint(tmp_path):
    with pytest.raises(CheckpointError, match="must be a GGUF file"):
        parse("x", f"llama:{tmp_path}/none.gguf")
    with pytest.raises(CheckpointError, match="must be one of"):
        parse("x", "llama:nonsense")
    (tmp_path / "broken.gguf").write_bytes(b"no model")
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        parse("x", f"llama:{tmp_path}/broken.gguf")
    for name in ("gpt", "llama:"):
        with pytest.raises(InputError, match="must be one of auto, llama, rules"):
            parse("x", name)


def test_the_embedded_one_reads_while_a_published_model_is_not_here(monkeypatch):
    absent = checkpoints.Checkpoint("far-away", "parser", "published", "nowhere.gguf", bytes=123_400_000)
    here = checkpoints.listed()
    monkeypatch.setattr(checkpoints, "listed", lambda: [*here, absent])
    instruction = parse("make the cones clear", "llama:far-away")
    assert instruction.parser == "llama" and instruction.edits == (Edit("cones", "highlight", 1),)
    (note,) = instruction.notes
    assert "123.4 MB" in note and "--download far-away" in note and "embedded one served" in note


def test_without_the_file_rules_serve_and_the_result_says_so(monkeypatch):
    def missing(checkpoint):
        raise CheckpointError("The checkpoint file parser_llama.gguf (6.2 MB) is missing.")

    monkeypatch.setattr(checkpoints, "verify", missing)
    instruction = parse("make the cones clear")
    assert instruction.parser == "rules" and instruction.edits[0].region == "cones"
    assert "Rules read the text" in instruction.notes[0] and "is missing" in instruction.notes[0]
    with pytest.raises(CheckpointError, match="is missing"):
        parse("make the cones clear", "llama")


def test_without_llama_cpp_python_rules_serve_and_the_result_says_so(monkeypatch):
    monkeypatch.setattr(app.parser, "_loaded", {})
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    instruction = parse("make the cones clear")
    assert instruction.parser == "rules" and "llama-cpp-python" in instruction.notes[0]
    with pytest.raises(CheckpointError, match="needs llama-cpp-python"):
        parse("make the cones clear", "llama")


def test_a_model_is_loaded_once(monkeypatch):
    made = []
    real = LlamaRuntime.__init__

    def counted(self, *args, **kwargs):
        made.append(args)
        real(self, *args, **kwargs)

    monkeypatch.setattr(app.parser, "_loaded", {})
    monkeypatch.setattr(LlamaRuntime, "__init__", counted)
    for _ in range(3):
        parse("make the cones clear")
    assert len(made) == 1


@pytest.mark.parametrize("first", [0, 1])
def test_a_reading_has_the_name_that_was_asked_for(first, monkeypatch):
    monkeypatch.setattr(app.parser, "_loaded", {})
    names = ["llama", f"llama:{checkpoints.verify(checkpoints.find('parser'))}"]
    for name in (names[first], names[1 - first], names[first]):
        assert parse("make the cones clear", name).parser == name
    assert len(app.parser._loaded) == 1


def test_readings_are_compared_without_case_and_articles():
    assert same_reading([Edit("The  Car", "highlight")], [Edit("car", "highlight")])
    assert not same_reading([Edit("car", "highlight")], [Edit("car", "highlight", 2)])
