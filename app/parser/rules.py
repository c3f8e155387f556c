"""The rule-based parser: reads each clause with the grammar, then lets clauses share what they leave unsaid."""

from __future__ import annotations

from dataclasses import replace

from app.parser.assembly import Assembly
from app.parser.cutting import cut_clauses
from app.parser.remarks import NOTHING_UNDERSTOOD, too_long
from app.parser.spelling import correct
from app.parser.tokens import MAX_LENGTH, tokenize
from engines.types import Instruction


class RuleParser:
    """Reads English instructions with a grammar: deterministic, no model, about a millisecond a sentence."""

    name = "rules"

    def parse(self, text: str) -> Instruction:
        """Read a sentence; never fails on any text.

        Args:
            text: What the person typed. Beyond 300 characters it is not read, which a note says.

        Returns:
            The edits in the order typed, each region a span of `text`.
        """
        notes = []
        if len(text) > MAX_LENGTH:
            notes.append(too_long(text))
        read = text[:MAX_LENGTH]
        tokens = [replace(token, word=correct(token.word)) for token in tokenize(read)]
        assembly = Assembly(read, cut_clauses(tokens))
        edits = assembly.edits()
        notes += assembly.notes
        if read.strip() and not edits and not any("as asked" in note for note in notes):
            notes.append(NOTHING_UNDERSTOOD)
        return Instruction(text=text, edits=tuple(edits), parser=self.name, notes=tuple(notes))
