"""How well sentences are understood, per parser and set of sentences."""

from __future__ import annotations

from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import REGISTRY, Section
from evaluation.report.tables import NONE, bold_best, by_columns, table

TITLES = {"llama": "LLaMA", "rules": "rules"}
# Set of sentences -> what it is, the file, and the prefix of its results.
SETS = {
    "contract": ("the contract's examples", f"{DATA}/instructions.jsonl", ""),
    "fresh": ("generated, sentences not seen", "evaluation/parser_fresh.jsonl", "fresh-"),
    "held out": ("generated, patterns and nouns not seen either", "evaluation/parser_held_out.jsonl", "held-out-"),
    "by hand": ("written by hand", "tests/app/parser_sentences.jsonl", "hand-"),
    "everyday": ("everyday wording, by hand", "evaluation/parser_everyday.jsonl", "everyday-"),
    "unseen": ("by hand, after the training", "evaluation/parser_unseen.jsonl", "unseen-"),
}
_CARD = "parser-llama"


def runs(name: str = "contract") -> dict[str, Run]:
    """Each parser on one of the sets."""
    _, file, prefix = SETS[name]
    return {
        parser: Run(f"parser/{prefix}{parser}.json", f"parser --data {file} --parser {parser}") for parser in TITLES
    }


def section(results: Results) -> Section:
    """One row per set and parser, and the kinds of generated sentences."""
    made = Section("Parser")
    made.promise("parser", "parser-kinds", f"{REGISTRY}{_CARD}")
    reports = {name: results.get_all(runs(name)) for name in SETS}
    if not any(reports.values()):
        made.say("Not measured yet: see the commands below.")
        return made
    rows = [row for name, scored in reports.items() for row in _rows(SETS[name][0], scored)]
    header = ["sentences", "n", "parser", "exact, % ↑", "F1 of edits ↑", "ms per sentence ↓"]
    made.share("parser", table(header, rows))
    exact = {name: scored["llama"]["exact"] for name, scored in reports.items() if "llama" in scored}
    made.blocks[f"{REGISTRY}{_CARD}"] = "\n".join(f'"exact, {name}" = {100 * of:.1f}' for name, of in exact.items())
    made.say(
        "*Exact* counts sentences all of whose edits are as intended, after lower-casing and without articles; F1 "
        "counts single edits. Generated sentences come from the grammar that also trains the LLaMA, drawn with other "
        "seeds; every ninth or eleventh pattern and noun is kept for the set that is not seen at all. The sentences by "
        "hand and those of everyday wording were seen while rules and grammar were written: they test the contract. "
        "The last set was written afterwards and nothing was changed for it."
    )
    kinds = {name: reports[name]["llama"]["per_category"] for name in ("fresh", "held out") if "llama" in reports[name]}
    if kinds:
        made.say("### Kinds of generated sentences")
        made.share("parser-kinds", _by_kind(kinds))
    return made


def _rows(title: str, scored: dict[str, dict]) -> list[list[str]]:
    """A set's rows, a parser each, the better one in bold."""
    exact, edit_f1, seconds = (
        [report[key] for report in scored.values()] for key in ("exact", "edit_f1", "seconds_per_text")
    )
    columns = [
        [title] * len(scored),
        [str(report["n"]) for report in scored.values()],
        [TITLES[name] for name in scored],
        bold_best([f"{100 * value:.1f}" for value in exact], exact),
        bold_best([f"{value:.3f}" for value in edit_f1], edit_f1),
        bold_best([f"{1000 * value:.1f}" for value in seconds], seconds, lower_is_better=True),
    ]
    return by_columns(columns)


def _by_kind(kinds: dict[str, dict]) -> str:
    """The LLaMA's exact readings, in percent, of each kind of sentence."""
    names = sorted({kind for scored in kinds.values() for kind in scored})
    rows = [
        [kind, *(f"{100 * scored[kind]['exact']:.1f}" if kind in scored else NONE for scored in kinds.values())]
        for kind in names
    ]
    return table(["LLaMA, exact, %", *(SETS[name][0] for name in kinds)], rows)
