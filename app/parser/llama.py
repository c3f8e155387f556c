"""Reads instructions with a LLaMA in llama.cpp, its answers bound by a grammar to spans of the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

from app.parser.agreement import disagreement, same_reading
from app.parser.answers import NOTHING, AnswerError, read_answer
from app.parser.demonstrations import TERMINATOR, demonstrated_prompt
from app.parser.gbnf import build_grammar
from app.parser.guards import guarded
from app.parser.leaving_out import finished, take_out
from app.parser.llama_prompt import ANSWER, BEGIN, CONTEXT, FORMAT, FORMAT_KEY, SPECIALS
from app.parser.llama_runtime import LlamaRuntime
from app.parser.misspelt_requests import with_requests_corrected
from app.parser.other_languages import is_other_language
from app.parser.remarks import no_room, nothing_understood, spared, too_long
from app.parser.rules import RuleParser
from app.parser.scene_words import EMPTY_WORDS
from app.parser.tokens import MAX_LENGTH, within_limit
from app.parser.units import Unit, shown, split_units
from engines.types import Edit, Instruction

# No sentence of 300 characters asks for more; reaching it means that the model went round in circles.
_LONGEST_ANSWER = 320
# Room for one edit: with less left for it, no answer is begun.
_SHORTEST_ANSWER = 16
_BROKEN_OFF = "The language model's answer broke off, so edits at the end may be missing."


class NoRoomError(ValueError):
    """A text that fills the model's context."""


class LlamaParser:
    """Reads sentences with a GGUF model: the one trained for it here, or any other one, which is shown examples.

    Args:
        path: The GGUF file.
        name: What the result calls this parser.

    Raises:
        CheckpointError: llama-cpp-python is missing, or the file cannot be loaded.
    """

    def __init__(self, path: Path, name: str = "llama") -> None:
        self.name = name
        self._runtime = LlamaRuntime(path, CONTEXT)
        self._trained = self._runtime.metadata.get(FORMAT_KEY) == FORMAT
        self._rules = RuleParser()

    def called(self, name: str) -> LlamaParser:
        """The same loaded model under another name."""
        other = copy(self)
        other.name = name
        return other

    def parse(self, text: str) -> Instruction:
        """Read a sentence; never fails on any text.

        Args:
            text: What the person typed. Beyond 300 characters it is not read, which a note says.

        Returns:
            The edits in the order typed, each region as in `app.parser.parse`; a note tells where the rules differ. The
            rules' own reading where the text fills the model's context, which a note says.
        """
        notes = [too_long(text)] if len(text) > MAX_LENGTH else []
        read = take_out(within_limit(text))
        try:
            edits, complete = self.read(read.reduced)
        except NoRoomError:
            instead = self._rules.parse(text)
            return replace(instead, notes=(no_room(), *instead.notes))
        rules = self._rules.read(read.reduced)
        if not complete:
            notes.append(_BROKEN_OFF)
            # A model that goes round in circles over what asks for nothing writes anything.
            edits = edits if rules.edits else []
        if edits and not rules.edits and is_other_language(read.text):
            edits = []
        edits, kept = finished(guarded(edits, rules.edits, read.reduced), read, rules.spared)
        # What the rules left out is no matter of this reading; what is to be spared is, whoever saw it.
        notes += spared(read.reduced, kept, edits)
        if text.strip() and not edits and not kept:
            notes.append(nothing_understood(text))
        others, _ = finished(rules.edits, read, rules.spared)
        if not same_reading(edits, others):
            notes.append(disagreement(others))
        return Instruction(text=text, edits=tuple(edits), parser=self.name, notes=tuple(notes))

    def read(self, text: str) -> tuple[list[Edit], bool]:
        """The model's own reading of a text of at most 300 characters, and whether its answer came to an end.

        Raises:
            NoRoomError: The text leaves no room for an answer.
        """
        units = with_requests_corrected(split_units(text))
        if not any(unit.is_word and unit.shown not in EMPTY_WORDS for unit in units):
            return [], True
        answer, complete = self.answer(units)
        try:
            return read_answer(answer, text, units), complete
        except AnswerError:
            # An answer that broke off may end within a line: the whole ones count.
            whole = [line for line in answer.split("\n") if _is_whole(line, text, units)]
            return read_answer("\n".join(whole) or NOTHING, text, units), False

    def answer(self, units: Sequence[Unit]) -> tuple[str, bool]:
        """What the model writes about a sentence, and whether it came to an end.

        Raises:
            NoRoomError: The sentence leaves no room for it.
        """
        if self._trained:
            prompt = [SPECIALS.index(BEGIN), *self._runtime.tokenize(shown(units)), SPECIALS.index(ANSWER)]
            return self._runtime.write(prompt, build_grammar(units), self._limit(prompt))
        prompt = self._runtime.bos + self._runtime.tokenize(demonstrated_prompt(units))
        grammar = build_grammar(units, TERMINATOR)
        return self._runtime.write(prompt, grammar, self._limit(prompt), TERMINATOR, fresh=False)

    def _limit(self, prompt: Sequence[int]) -> int:
        """How many tokens the answer to a prompt may have."""
        left = self._runtime.context - len(prompt) - 1
        if left < _SHORTEST_ANSWER:
            raise NoRoomError
        return min(_LONGEST_ANSWER, left)


def _is_whole(line: str, text: str, units: Sequence[Unit]) -> bool:
    try:
        read_answer(line, text, units)
    except AnswerError:
        return False
    return True
