"""Small numbers that people write as words, in English and Chinese."""

from __future__ import annotations

__all__ = ["NUMBERS"]

# Word → digits.
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        (
            *(
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
            ),
            "twelve",
        )
    )
} | dict(zip("〇一二三四五六七八九十", map(str, range(11)), strict=True))
