"""Drafts without a second model: the next tokens are guessed from where the last ones stood before.

Analysts' answers copy a lot: column names and values of the prompt, phrases of earlier queries. A guess
runs in the same step as the token before it and is kept only if the model would have chosen it, so it changes
the speed and never the text (Saxena, "Prompt Lookup Decoding", 2023; verification as in arXiv:2211.17192 for
a draft that is certain of itself).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from qwen_magics.engine.forward import paired
from qwen_magics.engine.grammar import TokenMatcher
from qwen_magics.engine.step_cost import StepCost

__all__ = ["LONGEST_DRAFT", "Draft", "DraftMemory", "Drafter", "NgramIndex", "Recalled"]

LONGEST_DRAFT = 8
_LONGEST_MATCH = 3
_MOST_REMEMBERED = 50_000


class Draft(Protocol):
    """Where guesses come from."""

    def extend(self, tokens: Sequence[int]) -> None:
        """Tokens of the answer, as they come."""

    def draft(self, most: int, matcher: TokenMatcher | None, *, after: int) -> list[int]:
        """A guess of at most `most` tokens, to run in one step with `after` tokens before it."""

    def observe(self, accepted: int) -> None:
        """How many tokens of the last guess were kept."""


class NgramIndex:
    """Where each run of one to three tokens was last followed by something.

    >>> index = NgramIndex([5, 6, 7, 8])
    >>> index.continuation([9, 5, 6], 2)
    [7, 8]
    """

    def __init__(self, tokens: Sequence[int] = ()) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self.extend(tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def extend(self, tokens: Sequence[int]) -> None:
        """Add tokens at the end."""
        known, places = self._tokens, self._places
        for token in tokens:
            # The runs that end here are entered with what follows them, hence one token late: looking up the
            # last tokens then finds an earlier place, not themselves.
            place = len(known)
            for length in range(1, min(_LONGEST_MATCH, place) + 1):
                places[tuple(known[place - length :])] = place
            known.append(token)

    def continuation(self, ngram: Sequence[int], most: int) -> list[int]:
        """The tokens that came last after `ngram`'s last one to three tokens, all of which must match."""
        place = self._places.get(tuple(ngram[-_LONGEST_MATCH:]))
        return [] if place is None else self._tokens[place : place + most]


@dataclass
class _Record:
    """Tokens kept and tried of one kind of draft, the recent ones counting most."""

    accepted: float
    tried: float

    @property
    def rate(self) -> float:
        return self.accepted / self.tried

    def observe(self, drafted: int, accepted: int) -> None:
        # What follows the first refused token was not tried.
        self.accepted = 0.95 * self.accepted + accepted
        self.tried = 0.95 * self.tried + min(drafted, accepted + 1)


@dataclass
class DraftMemory:
    """What an engine learns over all its answers: earlier answers, and which kind of draft is worth how much.

    Attributes:
        cost: what rows cost.
        answers: earlier answers, end tokens between them.
    """

    cost: StepCost = field(default_factory=StepCost)
    answers: NgramIndex = field(default_factory=NgramIndex)

    def __post_init__(self) -> None:
        # By place (prompt or answers) and length of the match. As if some had been seen: three equal tokens
        # promise more than one, and all kinds get their chance.
        self._records: defaultdict[tuple[bool, int], _Record] = defaultdict(lambda: _Record(1.0, 2.5))

    def remember(self, answer: Sequence[int], end: int) -> None:
        """Keep an answer for later drafts."""
        if len(self.answers) > _MOST_REMEMBERED:
            self.answers = NgramIndex()
        self.answers.extend([*answer, end])

    def gain(self, kind: tuple[bool, int], drafted: int, after: int, context: int) -> float:
        """Tokens per second that a draft after `after` tokens promises, over those of a step without one.

        Args:
            context: tokens that the step has to read.
        """
        rate = self._records[kind].rate
        expected = sum(rate**n for n in range(drafted + 1))
        # An odd step's filler is paid for in any case (see `engine.forward`).
        rows = paired(after + drafted) - paired(after)
        return expected / (1.0 + self.cost.per_row(context) * rows)

    def observe(self, kind: tuple[bool, int], drafted: int, accepted: int) -> None:
        """Count a verified draft."""
        self._records[kind].observe(drafted, accepted)


class Drafter:
    """Drafts for one answer.

    Args:
        prompt: where to look first.
        memory: earlier answers and experience; it learns from this one.
        stop_tokens: never drafted: nothing comes after them.
    """

    def __init__(self, prompt: Sequence[int], memory: DraftMemory, stop_tokens: frozenset[int]) -> None:
        self._index = NgramIndex(prompt)
        self._tail = list(prompt[-_LONGEST_MATCH:])
        self._memory = memory
        self._stop_tokens = stop_tokens
        self._last: tuple[tuple[bool, int], int] | None = None

    def extend(self, tokens: Sequence[int]) -> None:
        """Tokens of the answer, as they come."""
        self._index.extend(tokens)
        self._tail = [*self._tail, *tokens][-_LONGEST_MATCH:]

    def draft(self, most: int, matcher: TokenMatcher | None = None, *, after: int = 1) -> list[int]:
        """The most promising guess that the grammar allows, at most `most` tokens; empty if there is none."""
        best, gain = [], 0.0
        self._last = None
        for kind, tokens in self._candidates(min(most, LONGEST_DRAFT), matcher):
            for length in range(1, len(tokens) + 1):
                promised = self._memory.gain(kind, length, after, len(self._index))
                if promised > gain:
                    best, gain, self._last = tokens[:length], promised, (kind, length)
        return best

    def observe(self, accepted: int) -> None:
        """How many tokens of the last draft were kept."""
        if self._last is not None:
            self._memory.observe(*self._last, accepted)

    def _candidates(
        self, most: int, matcher: TokenMatcher | None
    ) -> list[tuple[tuple[bool, int], list[int]]]:
        found = []
        for in_prompt, index in ((True, self._index), (False, self._memory.answers)):
            # The longest match that the grammar lets through; shorter ones are worse guesses of its kind.
            for length in range(len(self._tail), 0, -1):
                tokens = self._legal(index.continuation(self._tail[-length:], most), matcher)
                if tokens:
                    found.append(((in_prompt, length), tokens))
                    break
        return found

    def _legal(self, tokens: list[int], matcher: TokenMatcher | None) -> list[int]:
        stop = next((i for i, token in enumerate(tokens) if token in self._stop_tokens), len(tokens))
        tokens = tokens[:stop]
        return tokens[: matcher.valid_prefix(tokens)] if tokens and matcher else tokens


class Recalled:
    """Guesses that an answer will be `answer` again, for as long as it is.

    Args:
        answer: what another way of computing gave.
        most: tokens per guess.
    """

    def __init__(self, answer: Sequence[int], most: int) -> None:
        self._answer = list(answer)
        self._most = most
        self._place = 0
        self._equal = True

    def extend(self, tokens: Sequence[int]) -> None:
        """Tokens of the answer, as they come."""
        end = self._place + len(tokens)
        self._equal = self._equal and self._answer[self._place : end] == list(tokens)
        self._place = end

    def draft(self, most: int, matcher: TokenMatcher | None = None, *, after: int = 1) -> list[int]:
        """The rest of the answer, or as much as fits; nothing once it went another way."""
        if not self._equal:
            return []
        return self._answer[self._place : self._place + min(most, self._most)]

    def observe(self, accepted: int) -> None:
        """Nothing is learnt."""
