"""How people say that something makes no difference: "the status doesn't matter", "count cancelled ones too".

"Customers without a limit don't matter" is another thing: they are left out. So only what rows have, such as
a status, makes no difference where it does not matter.
"""

from __future__ import annotations

import re

__all__ = ["NO_MATTER", "STATES"]

STATES = r"status(?:es)?|states?|stages?|phases?|conditions?|kinds?|types?|categor(?:y|ies)"
_PART = r"[^,;:.()?!\u2013\u2014]"
_END = r"(?=\s*(?:[,;:.()?!\u2013\u2014]|too\b|as well\b|$))"
_NOT = r"(?: not|n['\u2019]t)"
# Where a clause begins.
_FROM = r"(?:^|(?<=[,;:.(?!\u2013\u2014])\s*|\b(?:and|but|where|while) )(?:the |their |its |an? )?"
_WORDS = r"(?!it\b|this\b|that\b|only\b|not\b|no\b)[\w-]+(?: [\w-]+){0,3}?"
_DONE = r"(?:(?!need|speed|feed|seed|weed|breed|hundred)\w+(?:ed|en|wn|id|lt)|\w+ ones)"
# A kind of something is one of several; that of any kind is all of them.
_ANY = r"(?:any|whatever|whichever|no matter what|no matter which)"

_STATE = rf"(?:(?:\w+ )?(?:{STATES})(?: of (?:the |an? )?\w+)?|(?:how|whether) [\w ]{{3,40}}?)"

_TEXTS = (
    # "The status doesn't matter", "how they were paid makes no difference".
    rf"{_FROM}(?P<what>{_STATE}) (?:(?:does|do|did|should|shall|need){_NOT} "
    r"(?:matter|play (?:a|any) (?:role|part)|make (?:a|any) difference|come into it|be considered"
    r"|concern us|interest (?:me|us))|(?:makes?|plays?) no (?:difference|role|part)"
    r"|(?:is|are) (?:irrelevant|immaterial|unimportant|(?:of )?no (?:importance|concern|interest|relevance"
    r"|matter|criterion)|not (?:relevant|important|of interest|a criterion)))\b",
    # "Without regard to status", "ignore the order status": of nothing else, it would be left out.
    rf"\b(?:ignor(?:e|ing)|disregard(?:ing)?|(?:do{_NOT}|not|without) (?:look(?:ing)? at"
    r"|car(?:e|ing) (?:about|for)"
    r"|mind(?:ing)?|check(?:ing)?|filter(?:ing)? (?:by|on|for)"
    r"|restrict(?:ing)? (?:by|on|to))"
    r"|without (?:any )?(?:regard|respect) (?:to|for)|(?:no|without) (?:any )?(?:restriction|filter|condition"
    r"|limit)s? (?:on|as to|by)) "
    rf"(?:the |their |its |any |an? )?(?P<what>(?:\w+ )?(?:{STATES})){_END}",
    # "Count cancelled orders like all others", "treat closed ones the same as the rest".
    r"\b(?:count|treat|take|handle|consider)(?:ing)? (?:the |also )?"
    rf"(?P<what>{_WORDS}) (?:just |exactly )?(?:like|as|the same (?:way )?as|no different(?:ly)? from) "
    r"(?:all |any |the |every )*(?:others?|rest|ordinary|normal)\b(?: \w+(?=[.,;)]|$))?",
    rf"{_FROM}(?P<what>{_WORDS}) (?:are |is |should be |to be |are to be )?(?:count(?:s|ed)?|treated) "
    r"(?:just |exactly )?(?:like|the same (?:way )?as) (?:all |any |the |every )*(?:others?|rest)\b",
    # "Cancelled ones count too", "count the cancelled ones as well", "even cancelled ones".
    rf"{_FROM}(?:even )?(?P<what>{_DONE}(?: \w+)?) (?:also |should |shall |do )?(?:be )?count(?:s|ed)?"
    rf"(?: too| as well| in| also| fully)?{_END}",
    rf"\b(?:also |please )?(?:count|include)(?:ing)? (?:the |those )?(?P<what>{_DONE}(?: \w+)?) "
    r"(?:too|as well|in|also)\b",
    rf"\b(?:also|even) (?:count(?:ing)? |includ(?:e|ing) )?(?:the |those )?(?P<what>{_DONE}(?: (?:ones|orders"
    rf"|rows|items|entries|records|cases))?){_END}",
    # "Don't leave out the cancelled ones", "cancelled ones not excluded".
    rf"\b(?:do{_NOT}|without|never) (?:exclud|leav|skip+|drop+|omit+|remov|filter)(?:e|ing)? "
    rf"(?:out )?(?:the |any )?(?P<what>(?!\w+ (?:without|with no)\b){_WORDS})(?: out)?{_END}",
    # "Discontinued products are part of it", "closed ones belong in it".
    rf"{_FROM}(?P<what>{_DONE}(?: \w+)?) (?:also )?(?:are|is|were|be|stay|belong|come|go|do belong) "
    r"(?:also |still |all )?(?:a )?(?:part of (?:it|this|that|them|the \w+)|(?:in|to) (?:it|this|that|here)"
    rf"|kept(?: in)?|taken (?:in|along|into account)|in|to be (?:kept|included|counted)){_END}",
    rf"{_FROM}(?P<what>{_WORDS}) (?:are |is )?not (?:excluded|left out|skipped|dropped|filtered out){_END}",
    # "Orders of any status per month".
    rf"\b(?:of|in|with|at|under) {_ANY} (?P<what>(?:\w+ )?(?:{STATES}))\b"
    r"(?! (?:\w+ )?(?:that|which|who|with|of|where|other|but|except|apart))",
    rf"\b(?P<what>{_DONE}),? or not{_END}",
)
NO_MATTER = tuple(re.compile(text, re.IGNORECASE) for text in _TEXTS)
