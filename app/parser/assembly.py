"""Clauses to edits: what one leaves unsaid, its neighbours say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.parser import grammar
from app.parser.clauses import Clause, Link
from app.parser.phrases import Phrase, Reference, Target, as_typed, is_referring, target
from app.parser.reading import Kind, Reading
from engines.types import Edit

_SOFT = frozenset((Link.AND, Link.COMMA, Link.WITH))
_Effects = tuple[tuple[str, int], ...]


@dataclass
class _Draft:
    """An edit with where it came from."""

    target: Target
    effect: str
    strength: int
    clause: int
    complaint: bool = False


@dataclass
class Assembly:
    """Clauses of one sentence and what they have named so far.

    Attributes:
        text: The sentence as typed.
        clauses: Its clauses in order.
        spared: The words that say what is to stay as it is; filled by `edits`.
        left_out: The words that were not understood beside others that were; filled by `edits`.
    """

    text: str
    clauses: Sequence[Clause]
    spared: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _drafts: list[_Draft] = field(default_factory=list)
    _regions: list[Target] = field(default_factory=list)
    _effects: _Effects = ()
    _pending: list[tuple[int, Target]] = field(default_factory=list)
    _pending_verb: bool = False
    _topic: Target | None = None
    _noun: int | None = None
    _direction: str = ""
    _dropped: list[int] = field(default_factory=list)

    def edits(self) -> list[Edit]:
        """Resolve every clause and merge what is asked twice; to be called once."""
        negated = False
        for i, clause in enumerate(self.clauses):
            if clause.silent:
                continue
            phrase = clause.reading is not None and clause.reading.kind in (Kind.PHRASE, Kind.TOPIC)
            negated = clause.negated or (negated and phrase and clause.link in _SOFT)
            if negated:
                self._flush(i)
                self.spared.append(self._words(clause))
            elif clause.degree_only:
                for draft in self._drafts:
                    if draft.clause == i - 1:
                        draft.strength = max(draft.strength, clause.strength)
            elif clause.reading is None:
                self._flush(i)
                self._dropped.append(i)
            else:
                self._resolve(i, clause, self._inherit(clause.reading))
        self._flush(len(self.clauses))
        return self._merged()

    def _inherit(self, reading: Reading) -> Reading:
        """Give an effect noun the direction of the clause before, or a direction its noun."""
        if reading.kind is not Kind.MEASURE:
            return reading
        noun = self._noun if reading.noun is None else reading.noun
        direction = reading.direction or self._direction
        effect = grammar.noun_effect(noun, direction) if noun is not None and direction else None
        if effect is None:
            return replace(reading, effects=())
        return replace(reading, kind=Kind.COMMAND, effects=(effect,), noun=noun, direction=direction)

    def _resolve(self, i: int, clause: Clause, reading: Reading) -> None:
        if reading.kind is Kind.MEASURE or (reading.kind is Kind.TOPIC and not self._continues(i)):
            if reading.kind is Kind.TOPIC:
                self._topic = reading.target
            elif self._drafts or not self._is_bare(clause):
                self._dropped.append(i)
            elif (region := target(clause.tokens)) is not None:
                self._pending.append((i, region))
            return
        if reading.kind in (Kind.PHRASE, Kind.TOPIC):
            self._name(i, clause, reading)
            return
        if reading.kind is Kind.SAME:
            self._add(i, [self._referred(reading.target)], self._effects)
            return
        if not reading.effects:
            self._flush(i)
            self._pending, self._pending_verb = [(i, self._referred(reading.target))], True
            return
        if clause.link is Link.ASIDE and self._drafts:
            return
        self._change(i, clause, reading)

    def _change(self, i: int, clause: Clause, reading: Reading) -> None:
        effects = tuple((effect, clause.strength) for effect in reading.effects)
        regions = self._regions_of(i, clause, reading)
        if clause.link is Link.BY and self._drafts and reading.target is None:
            self._drafts = [draft for draft in self._drafts if draft.clause != i - 1]
        if reading.kind is not Kind.COMPLAINT:
            self._answer(clause, reading, regions)
        shares = reading.kind is Kind.PREDICATE and reading.target is None and clause.link in _SOFT
        grouped = shares or self._was_elided(i, clause)
        self._add(i, regions, effects, reading.kind is Kind.COMPLAINT)
        self._effects = self._effects + effects if grouped else effects
        self._noun, self._direction = reading.noun, reading.direction

    def _regions_of(self, i: int, clause: Clause, reading: Reading) -> list[Target]:
        """The regions a clause with effects applies to."""
        joined = clause.link in _SOFT
        if reading.target in (None, Reference.PRONOUN) and self._pending and (joined or reading.target is not None):
            pending = [region for _, region in self._pending]
            self._pending, self._pending_verb = [], False
            return pending
        if isinstance(reading.target, Phrase) and self._pending:
            if joined and reading.kind is not Kind.COMMAND:
                pending = [region for _, region in self._pending]
                self._pending, self._pending_verb = [], False
                return [*pending, reading.target]
            self._flush(i)
        if reading.target is Reference.PRONOUN:
            return list(self._regions) or [self._topic or Reference.WHOLE]
        if reading.target is not None:
            return [reading.target]
        following = self._following(i, reading)
        if following is not None:
            return [following]
        if self._topic is not None:
            return [self._topic]
        if (reading.elided or clause.link in (Link.WITH, Link.BY)) and self._regions and clause.link is not Link.START:
            return list(self._regions)
        return [Reference.WHOLE]

    def _following(self, i: int, reading: Reading) -> Target | None:
        """The object the next clause names for both ("brighten and denoise the road")."""
        for later in self.clauses[i + 1 :]:
            if later.link not in (Link.AND, Link.COMMA) or later.reading is None:
                return None
            other = later.reading
            if reading.elided and other.kind is Kind.PHRASE and later.link is Link.COMMA:
                return other.target
            takes = reading.elided or other.noun is not None
            if not takes or other.kind not in (Kind.COMMAND, Kind.MEASURE):
                return None
            if isinstance(other.target, Phrase) or other.target is Reference.WHOLE:
                return other.target
            if other.target is not None:
                return None
        return None

    def _was_elided(self, i: int, clause: Clause) -> bool:
        """Whether the clause before took its object from this one."""
        before = self.clauses[i - 1].reading if i else None
        return (
            clause.link in (Link.AND, Link.COMMA)
            and before is not None
            and before.kind is Kind.COMMAND
            and before.target is None
            and bool(before.effects)
            and isinstance(clause.reading.target, Phrase)
            and (before.elided or clause.reading.noun is not None)
        )

    def _name(self, i: int, clause: Clause, reading: Reading) -> None:
        """A clause that only names a region: it joins the regions before or after it."""
        region = self._referred(reading.target)
        if self._pending:
            self._pending.append((i, region))
        elif not self._effects or clause.link not in (Link.AND, Link.COMMA):
            if reading.kind is Kind.PHRASE and (self._is_bare(clause) or self._is_subject(i)):
                self._pending.append((i, region))
            else:
                self._dropped.append(i)
        elif self._is_subject(i):
            self._pending, self._pending_verb = [(i, region)], True
        elif self._can_continue(i, clause):
            self._effects = self._strengthened(clause.strength)
            self._add(i, [region], self._effects)
        else:
            self._dropped.append(i)

    def _strengthened(self, strength: int) -> _Effects:
        """Degree words after the last region ("the car and the truck a lot") count for all of them."""
        if strength > 1:
            shared = {effect for effect, _ in self._effects}
            for draft in self._drafts:
                if draft.target in self._regions and draft.effect in shared:
                    draft.strength = max(draft.strength, strength)
        return tuple((effect, max(own, strength)) for effect, own in self._effects)

    def _continues(self, i: int) -> bool:
        return bool(self._effects) and self.clauses[i].link is Link.AND

    def _can_continue(self, i: int, clause: Clause) -> bool:
        """A bare word after a predicate ("darker and moody") is no region; after an object it is."""
        before = next((c.reading for c in reversed(self.clauses[:i]) if c.reading is not None), None)
        ends_in_object = (
            before is None
            or before.kind in (Kind.PHRASE, Kind.TOPIC)
            or (isinstance(before.target, Phrase) and before.target.end >= self.clauses[i - 1].tokens[-1].end)
        )
        return ends_in_object or self._is_bare(clause)

    def _is_subject(self, i: int) -> bool:
        """Whether the phrases from here on lead to a predicate: "the truck and the sky | darker"."""
        for later in self.clauses[i + 1 :]:
            if later.link not in (Link.AND, Link.COMMA) or later.reading is None:
                return False
            if later.reading.kind is Kind.PHRASE:
                continue
            if later.reading.kind is Kind.COMMAND:
                return not self._effects and (
                    later.reading.target is Reference.PRONOUN or (later.reading.target is None and later.reading.elided)
                )
            return later.reading.kind in (Kind.PREDICATE, Kind.COMPLAINT)
        return False

    def _is_bare(self, clause: Clause) -> bool:
        return is_referring(clause.tokens)

    def _referred(self, target: Target | None) -> Target:
        if target is Reference.PRONOUN:
            return self._regions[0] if self._regions else Reference.WHOLE
        return target or Reference.WHOLE

    def _answer(self, clause: Clause, reading: Reading, regions: Sequence[Target]) -> None:
        """A request that follows a complaint about the same region, or of the same effect, is what is wanted."""
        refers = reading.target is Reference.PRONOUN or (reading.target is None and reading.elided)
        same = reading.target is not None and not refers and clause.link is not Link.AND

        def answered(draft: _Draft) -> bool:
            elsewhere = draft.effect in reading.effects and draft.target not in regions
            return draft.complaint and (refers and draft.target in regions or same and elsewhere)

        self._drafts = [draft for draft in self._drafts if not answered(draft)]

    def _add(self, i: int, regions: Sequence[Target], effects: _Effects, complaint: bool = False) -> None:
        for effect, strength in effects:
            self._drafts += [_Draft(region, effect, strength, i, complaint) for region in regions]
        reading = self.clauses[i].reading
        adds = i > 0 and reading is not None and reading.kind in (Kind.PHRASE, Kind.TOPIC)
        self._regions = list(dict.fromkeys([*self._regions, *regions] if adds else regions))

    def _flush(self, i: int) -> None:
        """Regions nothing was said about: highlighted when they stand for themselves, else not understood."""
        pending, self._pending = self._pending, []
        verb, self._pending_verb = self._pending_verb, False
        for k, region in pending:
            if verb or not self._is_bare(self.clauses[k]) or region is Reference.WHOLE:
                self._dropped.append(k)
            else:
                self._add(k, [region], (("highlight", self.clauses[k].strength),))
                self._effects = (("highlight", 1),)

    def _merged(self) -> list[Edit]:
        for k in sorted(set(self._dropped)):
            if self._drafts and self.clauses[k].link is not Link.ASIDE:
                self.left_out.append(self._words(self.clauses[k]))
        merged: dict[tuple[str | None, str], Edit] = {}
        for draft in sorted(self._drafts, key=lambda draft: draft.clause):
            region = as_typed(self.text, draft.target) if isinstance(draft.target, Phrase) else None
            key = (region.casefold() if region else None, draft.effect)
            known = merged.get(key)
            strength = max(draft.strength, known.strength) if known else draft.strength
            merged[key] = Edit(known.region if known else region, draft.effect, strength)
        return list(merged.values())

    def _words(self, clause: Clause) -> str:
        return self.text[clause.tokens[0].start : clause.tokens[-1].end]
