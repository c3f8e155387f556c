"""The grammar of one sentence's answers, in llama.cpp's GBNF: every region a span of it, every effect one of six.

A span is a chain of rules, unit i and then perhaps unit i + 1, so its length has no limit and the grammar grows with
the sentence, not with its square. Spans start at a word that can begin the name of a thing (or at an opening quote or
bracket) and end where a phrase can end.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.parser.answers import NOTHING
from app.parser.units import Unit
from engines.types import EFFECTS, STRENGTHS

# Of 21,000 regions of generated sentences one begins with one of these (a slip of typing), and none ends with one. What
# may begin the name of a thing ("for sale sign", "us flag") is left out.
_NEVER_FIRST = frozenset(
    (
        "the a an 's and or , . this that these those it its it's they them their he she him his her we you i me my "
        "your our as than then so but if because while whereas of in into onto upon at by from with via is are was "
        "were be been being very too also just please not which who what how there here when where why add get "
        "except nor neither"
    ).split()
)
# What makes an article, or "those", a part of the region's name: "a row of lamps", "the two men", "those who wait".
_COUNTING = frozenset("couple pair row group few bunch number lot dozen line set crowd handful cluster".split())
_NAMED_WITH = {
    "a": _COUNTING,
    "the": frozenset("two three four five six seven eight nine ten only other others first second".split()),
    "those": frozenset("on in at with near by who which that behind under next over beside to from around".split()),
}
_NEVER_LAST = frozenset(
    (
        "the a an and or if because while whereas which whose these those its their your our my of at by from with via "
        "to onto into than as so using rather not very more less also only please is are was were been seem seems "
        "appear appears become becomes should must would could suffer suffers rely relies but except nor neither"
    ).split()
)
_OPENING = frozenset("\"'([")
_CLOSING = frozenset("\"')]")


def build_grammar(units: Sequence[Unit], terminator: str = "") -> str:
    """The grammar, with the start rule `root`.

    Args:
        units: The sentence's.
        terminator: What must follow the answer, for models that have no token of their own for its end.
    """
    spans, starts = _spans(units)
    effects = " | ".join(_literal(effect) for effect in EFFECTS)
    edit = f'effect " " [{STRENGTHS[0]}-{STRENGTHS[-1]}]' + (" region?" if starts else "")
    end = f" {_literal(terminator)}" if terminator else ""
    rules = [
        f'root ::= ({_literal(NOTHING)} | edit ("\\n" edit)*){end}',
        f"edit ::= {edit}",
        f"effect ::= {effects}",
    ]
    if starts:
        rules.append("region ::= " + " | ".join(starts))
    return "\n".join([*rules, *spans]) + "\n"


def _spans(units: Sequence[Unit]) -> tuple[list[str], list[str]]:
    """The rules of the chain, and the names of those a span can start with."""
    rules: list[str] = []
    starts: list[str] = []
    following = ""
    for i in range(len(units) - 1, -1, -1):
        unit = units[i].shown
        ends = (units[i].is_word or unit in _CLOSING) and unit not in _NEVER_LAST
        if not ends and not following:
            continue
        rest = "" if not following else f" {following}?" if ends else f" {following}"
        following = f"u{i}"
        rules.append(f"{following} ::= {_literal(f' {unit}')}{rest}")
        opens = unit in _OPENING and rest and units[i + 1].is_word
        if (units[i].is_word or opens) and (unit not in _NEVER_FIRST or _is_named_with(units, i)):
            starts.append(following)
    return rules[::-1], starts[::-1]


def _is_named_with(units: Sequence[Unit], i: int) -> bool:
    """Whether a word that begins no region begins one here, because of the next."""
    return i + 1 < len(units) and units[i + 1].shown in _NAMED_WITH.get(units[i].shown, ())


def _literal(text: str) -> str:
    """A string of GBNF; units carry no control characters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
