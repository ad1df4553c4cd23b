"""Whether an answer has come into a loop: small models, once they have said a thing twice, may never stop."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["goes_round"]

# Shorter ones are rows of equal values, longer ones did not occur: the longest loop seen had 37 tokens.
_SHORTEST, _LONGEST = 8, 64


def goes_round(tokens: Sequence[int], times: int) -> bool:
    """Whether `tokens` end with the same 8 to 64 ones, `times` times in a row.

    >>> goes_round([1, *range(10, 20), *range(10, 20), *range(10, 20)], times=3)
    True
    """
    end = len(tokens)
    for size in range(_SHORTEST, min(_LONGEST, end // times) + 1):
        # Most sizes are ruled out by one token.
        if tokens[-1] != tokens[-1 - size]:
            continue
        last = tokens[end - size :]
        if all(tokens[start : start + size] == last for start in range(end - times * size, end - size, size)):
            return True
    return False
