"""Places and what comes from them, where the two words do not begin alike: France and French."""

from __future__ import annotations

__all__ = ["NATIONS"]

NATIONS = tuple(
    frozenset(words.split())
    for words in (
        "britain british uk kingdom england english briton",
        "burma burmese myanmar",
        "denmark danish dane",
        "finland finnish finn",
        "france french",
        "greece greek hellenic",
        "iran iranian persia persian",
        "ireland irish",
        "ivory ivoire ivorian",
        "kiwi zealand",
        "lao laotian",
        "naple neapolitan",
        "netherland netherlands holland dutch",
        "philippine filipino",
        "poland polish pole",
        "rome roman",
        "spain spanish spaniard",
        "states state usa us u america american",
        "switzerland swiss swis",
        "venice venetian",
        "wale welsh wales",
    )
)
