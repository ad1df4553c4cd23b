"""What a further row costs in a decoding step, learnt while decoding."""

from __future__ import annotations

__all__ = ["StepCost"]

# Two cores measured 0.13 to 0.15 of a step per row behind up to 4,096 tokens, 0.2 behind 16,384 (0.5B, 1.5B).
_USUAL = 0.15
# So many squared rows beyond two must have been seen to weigh as much as that.
_STIFFNESS = 8.0
_FADING = 0.98


class StepCost:
    """What a further row costs, as a share of a step of two rows, behind so many tokens.

    A fading least-squares line through measured steps, seconds = a + b * (rows - 2), whose ratio b / a is
    held to the usual one until steps of several lengths were seen. Contexts are told apart by their power of
    two: a line through steps behind short and long ones would take the price of reading them for one of rows.
    """

    def __init__(self) -> None:
        # By power of two: weights, rows, rows², seconds, rows * seconds, with rows beyond two.
        self._sums: dict[int, tuple[float, ...]] = {}

    def observe(self, rows: int, seconds: float, context: int) -> None:
        """Count a decoding step of `rows` rows behind `context` tokens."""
        x = rows - 2
        seen, step = self._of(context), (1.0, x, x * x, seconds, x * seconds)
        self._sums[context.bit_length()] = tuple(
            _FADING * old + new for old, new in zip(seen, step, strict=True)
        )

    def per_row(self, context: int) -> float:
        """Seconds of one more row over seconds of a step of two rows; at least 0.01."""
        n, x, xx, y, xy = self._of(context)
        # The normal equations of sum((y - a - b * x)²) + stiffness * (b - usual * a)², solved for b / a.
        aa, ab, bb = n + _STIFFNESS * _USUAL**2, x - _STIFFNESS * _USUAL, xx + _STIFFNESS
        a, b = y * bb - xy * ab, xy * aa - y * ab
        return max(0.01, b / a) if a > 0 else _USUAL

    def _of(self, context: int) -> tuple[float, ...]:
        return self._sums.get(context.bit_length(), (0.0,) * 5)
