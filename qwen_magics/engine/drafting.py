"""Prompt lookup: guesses the next tokens by finding where the last ones stood before.

Analysts' answers copy a lot: column names, values of the question, the query that is being repaired. A guess
runs in the same step as the token before it and is kept only if the model would have chosen it, so it changes
the speed and never the text (Saxena, "Prompt Lookup Decoding", 2023; verification as in arXiv:2211.17192 for
a draft that is certain of itself).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qwen_magics.engine.grammar import TokenMatcher

__all__ = ["LONGEST_DRAFT", "DraftLength", "Drafter", "PromptLookup", "StepCost"]

_LONGEST_MATCH = 3
LONGEST_DRAFT = 8


class PromptLookup:
    """An index of where each run of one to three tokens was last followed by something.

    >>> lookup = PromptLookup([5, 6, 7, 8, 5, 6])
    >>> next(lookup.continuations(2))
    (2, [7, 8])
    """

    def __init__(self, tokens: Sequence[int]) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self.extend(tokens)

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

    def continuations(self, most: int) -> Iterator[tuple[int, list[int]]]:
        """What may come next, at most `most` tokens, with the length of the match; the longest first."""
        known = self._tokens
        for length in range(min(_LONGEST_MATCH, len(known)), 0, -1):
            place = self._places.get(tuple(known[-length:]))
            if place is not None:
                yield length, known[place : place + most]


class StepCost:
    """What a further row costs, as a share of a step of two rows: a fading linear fit of measured steps.

    It starts from what two cores measured (a tenth of a step per row) and follows the machine.
    """

    def __init__(self, fading: float = 0.98) -> None:
        self._fading = fading
        self._sums = [0.0] * 5  # weights, rows, seconds, rows², rows * seconds
        for rows in (2, 4, 8):
            self._add(rows, 0.02 * (1 + 0.1 * (rows - 2)))

    def observe(self, rows: int, seconds: float) -> None:
        """Count a decoding step."""
        self._sums = [self._fading * value for value in self._sums]
        self._add(rows, seconds)

    @property
    def per_row(self) -> float:
        """Seconds of one more row over seconds of a step of two rows; at least 0.01."""
        n, x, y, xx, xy = self._sums
        spread = n * xx - x * x
        slope = (n * xy - x * y) / spread if spread > 1e-6 else 0.0
        step = (y - slope * x) / n + 2 * slope
        return max(0.01, slope / step) if step > 0 else 0.1

    def _add(self, rows: int, seconds: float) -> None:
        values = (1.0, rows, seconds, rows * rows, rows * seconds)
        self._sums = [a + b for a, b in zip(self._sums, values, strict=True)]


class DraftLength:
    """How many tokens to draft: the number that gives most tokens per second by what was kept so far.

    Acceptance is counted per length of the match, since three equal tokens promise more than one. The second
    row of a step is paid for in any case (`engine.forward`), so a draft of one costs nothing.
    """

    def __init__(self, cost: StepCost) -> None:
        self.cost = cost
        # As if some drafts had been seen: hopeful, so that longer drafts get their chance.
        self._accepted = [0.0, 1.0, 1.5, 2.0]
        self._tried = [0.0, 4.0, 3.0, 2.5]

    def best(self, match: int) -> int:
        """Tokens to draft after a match of `match` tokens: 1 to 8."""
        p = self._accepted[match] / self._tried[match]
        per_row = self.cost.per_row
        gains = []
        expected, power = 1.0, 1.0
        for rows in range(1, LONGEST_DRAFT + 1):
            power *= p
            expected += power
            gains.append(expected / (1.0 + per_row * (rows - 1)))
        return gains.index(max(gains)) + 1

    def observe(self, match: int, drafted: int, accepted: int) -> None:
        """Count a verified draft; what follows the first refused token was not tried."""
        self._accepted[match] = 0.95 * self._accepted[match] + accepted
        self._tried[match] = 0.95 * self._tried[match] + min(drafted, accepted + 1)


class Drafter:
    """Drafts for one answer.

    Args:
        prompt: where to look first.
        length: how much to draft, and what learns from it.
        matcher: the grammar's position; what it refuses is not drafted.
        stop_tokens: never drafted: nothing comes after them.
    """

    def __init__(
        self,
        prompt: Sequence[int],
        length: DraftLength,
        matcher: TokenMatcher | None,
        stop_tokens: frozenset[int],
    ) -> None:
        self._lookup = PromptLookup(prompt)
        self._length = length
        self._matcher = matcher
        self._stop_tokens = stop_tokens
        self._last = (0, 0)

    def extend(self, tokens: Sequence[int]) -> None:
        """Tokens of the answer, as they come."""
        self._lookup.extend(tokens)

    def draft(self, most: int) -> list[int]:
        """The guess that the longest match gives, at most `most` tokens; empty if there is none."""
        for match, found in self._lookup.continuations(min(most, LONGEST_DRAFT)):
            legal = self._legal(found)
            if legal:
                drafted = legal[: self._length.best(match)]
                self._last = (match, len(drafted))
                return drafted
        self._last = (0, 0)
        return []

    def observe(self, accepted: int) -> None:
        """How many tokens of the last draft were kept."""
        match, drafted = self._last
        if drafted:
            self._length.observe(match, drafted, accepted)

    def _legal(self, tokens: list[int]) -> list[int]:
        stop = next((i for i, token in enumerate(tokens) if token in self._stop_tokens), len(tokens))
        tokens = tokens[:stop]
        return tokens if self._matcher is None else tokens[: self._matcher.valid_prefix(tokens)]
