"""The rule-based parser: reads each clause with the grammar, then lets clauses share what they leave unsaid."""

from __future__ import annotations

from dataclasses import dataclass

from app.parser.assembly import Assembly
from app.parser.cutting import cut_clauses
from app.parser.leaving_out import finished, take_out
from app.parser.remarks import left_out, nothing_understood, spared, too_long
from app.parser.spelling import corrected_tokens
from app.parser.tokens import MAX_LENGTH, within_limit
from engines.types import Edit, Instruction


@dataclass(frozen=True)
class RuleReading:
    """What the rules make of a text.

    Attributes:
        edits: In the order typed.
        spared: The words that say what is to stay as it is.
        left_out: The words that were not understood beside others that were.
    """

    edits: tuple[Edit, ...]
    spared: tuple[str, ...]
    left_out: tuple[str, ...]


class RuleParser:
    """Reads English instructions with a grammar: deterministic, no model, about a millisecond a sentence."""

    name = "rules"

    def parse(self, text: str) -> Instruction:
        """Read a sentence; never fails on any text.

        Args:
            text: What the person typed. Beyond 300 characters it is not read, which a note says.

        Returns:
            The edits in the order typed, each region as in `app.parser.parse`.
        """
        notes = [too_long(text)] if len(text) > MAX_LENGTH else []
        read = take_out(within_limit(text))
        reading = self.read(read.reduced)
        edits, kept = finished(reading.edits, read, reading.spared)
        notes += [*spared(read.reduced, kept, edits), *map(left_out, reading.left_out)]
        if text.strip() and not edits and not kept:
            notes.append(nothing_understood(text))
        return Instruction(text=text, edits=tuple(edits), parser=self.name, notes=tuple(notes))

    def read(self, text: str) -> RuleReading:
        """Read a text of at most 300 characters."""
        assembly = Assembly(text, cut_clauses(corrected_tokens(text)))
        edits = tuple(assembly.edits())
        return RuleReading(edits, tuple(assembly.spared), tuple(assembly.left_out))
