"""Phrases that several kinds of questions share, as regular expressions for `re.IGNORECASE`.

Each is a group of its own, so that it can stand in an alternative and be repeated.
"""

from __future__ import annotations

__all__ = [
    "ASIDE",
    "COMPARED",
    "DIFFERENCE",
    "EXTREME",
    "FALLEN",
    "FEW",
    "HIGH",
    "LEADING_ARTICLE",
    "LOW",
    "MEAN",
    "NUMBER_OF",
    "ONE_TO_NEXT",
    "PERCENT",
    "RISEN",
    "RUNNING",
    "RUN_TO_LIMIT",
    "SO_MANY",
    "UNIT",
    "WITHOUT_TOO",
    "YEAR",
]

FEW = r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty|[2-9]|[1-9]\d)"
YEAR = r"(?:(?:19|20)\d\d)"
# What rows follow one another by.
UNIT = (
    r"(?:(?:match ?)?day|date|night|week|month|quarter|year|hour|season|decade|round|census|elections?"
    r"|reading"
    r"|match|game|term|period|time|session|harvest|poll|occasion|one)"
)
MEAN = r"(?:\baverag\w+|\bmeans?\b|\bavg\b|\btypical(?:ly)?\b)"
NUMBER_OF = (
    r"(?:\bhow many\b|\bhow (?:often|frequently)\b|\bnumbers? of\b|\bcount(?:s|ed|ing)?\b|\btall(?:y|ies)\b"
    r"|\bhead ?counts?\b|# of\b)"
)
# A number of times is asked for, not one of something in a list; "how did the number of … change" is another.
SO_MANY = (
    r"(?:\bhow (?:many|often|frequently)\b"
    r"|\b(?<!did the )(?<!does the )(?<!has the )number of (?!days (?:between|from)\b)"
    r"|(?<!in )\bcount(?: of)? (?!per\b)(?!by\b))"
)
HIGH = (
    r"(?:(?<!at )\b(?:most|maximum|max|peak(?:s|ed)?|top|best|heaviest|highest|largest|greatest|biggest"
    r"|strongest"
    r"|steepest|warmest|hottest|wettest|dearest|longest)\b|\bhow high\b)"
)
LOW = (
    r"(?:(?<!at )\b(?:least|fewest|minimum|min|worst|lowest|smallest|poorest|weakest|coldest|driest"
    r"|cheapest|shortest"
    r"|bottom(?:s|ed)?)\b|\bhow low\b)"
)
# Any word in -est that says so; not forest, interest, request, guest and the like.
EXTREME = (
    rf"(?:{HIGH}|{LOW}|\b(?!(?:for|inter|hon|mod|requ|int|harv|near|inv|t|b|r|w|n|gu|qu|p|ch|latt|earli"
    r"|lat|old"
    r"|new|prot|cont|dig|sugg|arr|manif)est\b)\w{2,}est\b)"
)
PERCENT = (
    r"(?:\bpercent\w*|\bper cent\b|%|\brelative(?:ly)?\b|\bin relation to\b|\bproportion(?:al(?:ly)?)?\b"
    r"|\bgrowth rates?\b)"
)
RISEN = (
    r"(?:\b(?:rise[sn]?|rising|rose|gr[eo]w(?:s|n|th|ing)?|increas\w+|climb\w*|jump\w*|soar\w*|surg\w+"
    r"|gain\w*"
    r"|improv\w+|expand\w*)\b|\b(?:go(?:es|ing|ne)?|went|shot|pick(?:s|ed)?|puts?|was|were|is|are|much) "
    r"(?:up|on)"
    r"\b|\bup (?:on|from|against)\b|\badd(?:s|ed) the most\b)"
)
FALLEN = (
    r"(?:\b(?:fall(?:s|en|ing)?|fell|drop\w*|decreas\w+|declin\w+|shr[aiu]nk\w*|plung\w+|s[aiu]nk|slump\w*"
    r"|los(?:e|es|t|s|ses|ing)|tumbl\w+|shr[aiu]nk|collaps\w+|plummet\w*"
    r"|negative)\b"
    r"|\b(?:go(?:es|ing|ne)?|went|was|were|is|are) down\b|\bdown (?:on|from|against)\b)"
)
DIFFERENCE = (
    r"(?:\bdiffer\w*|\bchang\w+|\bdelta\b|\bgap\b|\bhow (?:much|far)\b|\bminus\b|\bsubtract\w*|\bless\b"
    r"|\bcompar\w+"
    rf"|\b(?:more|fewer|higher|lower|above|below|exceed\w*|against)\b|{RISEN}|{FALLEN})"
)
# "Against the week before", "from one year to the next", "year over year".
ONE_TO_NEXT = (
    r"(?:\bthan (?:\w+ ){0,3}(?:before|earlier|previous|prior|preceding|last)\b"
    # "From its first to its last day" is no day before.
    rf"|\b(?:previous|prior|preceding|(?<!its )(?<!their )(?<!and the )last)(?: \w+){{0,2}}? {UNIT}"
    rf"(?:['’]?s)?\b|\b{UNIT} (?:just |immediately )?"
    r"(?:before|earlier|previous|prior|preceding)\b"
    rf"|\b(?:that|reading|\w+) (?:just|immediately) before\b|\b(?:prior|preceding|previous) \w+"
    rf"|\bto (?:the|its|that) (?:next|following)\b|\bfrom {UNIT} to {UNIT}\b"
    rf"|\b{UNIT}[- ](?:on|over|to|by)[- ]{UNIT}\b|\b(?:yoy|mom|qoq|wow)\b"
    rf"|\b(?:successive|consecutive) {UNIT}\w*|\b{UNIT}s? before\b|\bthe one before\b)"
)
COMPARED = (
    r"(?:\b(?:above|below|over|under|at least|at most|exceed(?:s|ing)?|past|beyond)\b|\b(?:more|less"
    r"|\w+er) than\b)"
)
# Those with nothing are to be in the list, too.
_NOTHING = r"(?:never|none|no|without|zeros?|0|nil|nobody|any|(?:have|has|had|did|do|does)n['’]t|not)"
WITHOUT_TOO = (
    rf"(?:\b(?:also|even|include[sd]?|including|counting|keep\w*|as well as)\b[^.?;]*\b{_NOTHING}\b"
    rf"|\b(?:do ?n['’]t|do not|not|without) (?:drop|leav|omit|skip|los|forget)\w*\b[^?;]*\b{_NOTHING}\b"
    rf"|\b{_NOTHING}\b[^?;]*\b(?:included?|as well|too|must (?:still )?(?:appear|be)|is fine|are kept"
    r"|not left out)\b"
    r"|\b(?:a|as|is|are|show|being|treated as|count\w*|ha(?:s|ve|ving)) (?:a |as )?(?:0|zeros?)\b"
    r"|\bzero is fine\b"
    r"|\b(?:0|zeros?) (?:where|for|if)\b|\bnone (?:counts|counting|is|being)\b)"
)
# "Unknown ones aside", "ignore rows without a genre".
ASIDE = (
    r"(?:\b(?:ignor|exclud|skip|disregard|leav|set|put|drop|omit)\w*\b.*\b(?:unknown|nulls?|missing|empty"
    r"|blanks?"
    r"|no|without|lack\w*)\b|\b(?:unknown|nulls?|missing|empty|blanks?|no|without|lack\w*"
    r"|other than unknown)\b.*"
    r"\b(?:aside|excluded|ignored|out|apart|not (?:included|counted)|do ?n['’]t count|doesn['’]t count"
    r"|skipped)\b"
    r"|\bnot counting (?:\w+ )?(?:unknown|nulls?|missing|empty|blanks?)\b|\bother than unknown\b"
    r"|\bwhere an? \w+ is (?:given|recorded|known)\b)"
)
RUNNING = (
    r"(?:\brunning (?:total|sum|count|tally|figure|balance|number)\b|\bcumul\w+|\baccumul\w+|累计|\bytd\b"
    r"|\byear[- ]to[- ]date\b|\bto date\b|\bso far\b|\b(?:until|till|up to|by) then\b|\bprogressive(?:ly)?\b"
    r"|\b(?:how|show)\b[^?]*\badd(?:ed|s)? up\b|\bever[- ]growing\b|\bkeep adding\b|\bcarr(?:y|ied) "
    r"(?:\w+ )?forward\b|\bas the \w+ go by\b"
    r"|\badd(?:ed|s)? up (?:to|until|till|since|from)\b|\b(?:all )?earlier \w+ put together\b"
    r"|\b(?:up to|until|through)(?: and including)? (?:the end of )?(?:each|every|that|the month"
    r"|the quarter)\b"
    r"|\bby the (?:end|close) of (?:each|every)\b|\b(?:each|every) (?:calendar )?month end(?:ed)?\b"
    r"|\b(?:from|since|at) the (?:start|beginning) of (?:the|that|this|its|each|(?:19|20)\d\d)\b"
    r"|\bsince (?:new year|that year began)\b)"
)
# "On which day did it pass 10?", "half of the total", "moving average" are other kinds.
RUN_TO_LIMIT = (
    r"(?:\b(?:pass|exceed|reach|cross|surpass)(?:e[sd])?\b|\b(?:more|\w+er) than\b|\btrailing\b"
    r"|\bfirst time\b|\bbreak through\b"
    rf"|\bhalf of\b|\b\d+ ?%|{MEAN})"
)

# "Without the The in front", "less its leading A".
LEADING_ARTICLE = (
    r"\b(?:without|minus|less|dropping|leaving off|stripp?(?:ed of|ing)) (?:the|its|their) "
    r"(?:leading |initial |opening |word |article )*[\"'\u201c\u2018]?"
    r"(?-i:(?:The|An?|Der|Die|Das|Le|La|Les|El|Los|Il))\b[\"'\u201d\u2019]?"
    r"(?: (?:at|in|from) (?:(?:the|its|their) )?(?:very )?(?:beginning|start|front)\b|$|[.?,])"
)
