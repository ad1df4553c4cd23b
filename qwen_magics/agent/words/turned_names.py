"""How people ask for a name with the last name first, as a pattern for `re.IGNORECASE`."""

from __future__ import annotations

__all__ = ["LAST_FIRST"]

# Not an order by last name.
LAST_FIRST = (
    r"^(?!.*\b(?:sort|order|arrange|alphabetical)\w*\b)(?:.*\b(?:last|family|sur) ?-?names? (?:first|in"
    r" front|ahead|before the (?:first|given))\b"
    r"|.*\b(?:last|family) name, (?:then )?(?:a comma,? (?:and )?(?:then )?)?(?:the )?(?:first|given) name\b"
    r"|.*\b(?:turn(?:ed|ing)?|swap(?:ped|ping)?|revers(?:e[d]?|ing)|invert(?:ed|ing)?) (?:round |around"
    r" )?(?:the )?(?:\w+['’]?s? )?(?:full )?names?\b"
    r"|.*\bnames? (?:turned|written) (?:round|around|the other way round|the other way around)\b)"
)
