"""Which words of a question may be things that data have or lack; most words around a measure are none.

How much *fell*, the highest *coefficient* of variation, the *steadiest* seller: where data have precipitation
and prices, that no column is called so says nothing. Wrongly told that its data lack something, nobody asks
again; so a word is a thing only where nothing here says otherwise. Words such as `organic` or `male`, which
a condition needs a column for, stay things.
"""

from __future__ import annotations

import re

from qwen_magics.agent.words.naming import words_of

__all__ = ["is_noun", "is_statistic"]


def _folded(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in words_of(text))


# Computed from whatever is measured: no column needs to be called so.
_STATISTICS = _folded(
    "aggregate anomalies association autocorrelation bands baseline benchmark bins bottom brackets",
    "buckets coefficient comparison correlation covariance cutoff decile delta departure deviation",
    "difference dispersion distribution error estimate excess extent extreme fit fluctuation forecast",
    "fraction frequency gap gini half histogram interquartile intercept iqr kurtosis magnitude majority",
    "maximum midpoint minimum minority mode multiple norm outlier peak percentile portion prediction",
    "projection quantile quarter quartile quintile quotient ranking ratio regression relation",
    "relationship remainder residual rest score skew skewness slope spread standard std subtotal surplus",
    "tally tendency tercile third threshold trend trough turnaround variability variance variation",
    "volatility",
)
# Of comparing, of order and of passing time.
_COMPARED = _folded(
    "acceleration advance amount amplitude ascent batch boost break chain change climb closing",
    "combination contrast crash decline decrease descent dip disparity drop episode fall figure gain",
    "growth imbalance improvement increase index interval jump lead leader leap level loss low high lows",
    "highs match move movement occurrence opening order pair part peak percent percentage period phase",
    "pickup place plunge point points position quantity range rebound recovery reduction result rise run",
    "runner sequence series shift shrinkage size slide span spell spike spot standing streak stretch",
    "string succession surge swing total turn turning value weekday weekend winner worth",
)
# Parts, kinds and moments of anything.
_ANYTHING = _folded(
    "calendar case character circumstances class combination condition decade digit entry evening example",
    "extent fiscal form group initial instance kind letter line manner measurement moment money morning",
    "name night observation occasion one pattern reading record reference sample season set side sort",
    "spring step subset summary summer autumn winter surname thing time unit way word monday tuesday",
    "wednesday thursday friday saturday sunday january february march april may june july august",
    "september october november december cash cent dollar euro pound yen kilogram kilometer kilometre",
    "meter metre mile litre liter ton tonne",
)
# Verbs in the past without -ed, and what auxiliaries and other verbs stand after which, what and how much.
_VERBS = _folded(
    "ate became been began bent blew bore bought bound bred broke brought built burnt burst came caught",
    "chose could cost dealt did do dove drank drew drove dug fed fell felt fled flew fought found froze",
    "gave get got gone grew grown had has have heard held hid hit hung hurt is kept knew known laid lain",
    "lay lead leapt learnt led left lent let lie lies lit lost made may meant met might must need ought",
    "overtook owe owed paid put quit ran rang read rode rose said sang sank sat saw seen sent set shall",
    "shone shook shot should shown shrank shrunk shut slept slid sold sought sown spent split spoke",
    "sprang stole stood stuck struck sunk swam swept swung taken taught thought threw told took tore",
    "underwent understood was were went wept agreed freed will withdrew woke won wore would wrote written",
    # which sells best, what sells, how much went …
    "add amount appear arrive be become beat begin belong bring carry change come consist contain",
    "contribute cover depend differ earn end exceed explain fall finish gain get give go grow happen has",
    "hold join keep lag last leave live look lose make occur outnumber outperform pass pay perform",
    "produce reach receive remain rise save say see sell show sit spend stand start stay suffer take tend",
    "vary win work",
)
_ADVERBS = _folded(
    "abroad above across after again against ago ahead all almost alone along already also altogether",
    "always among and any anyone anything apart are around as ask at away back backward because before",
    "behind below beneath beside besides between beyond both but by comes come combined concerning",
    "despite down downward during each either else elsewhere enough even ever every everyone everything",
    "except few fewer first for forward from further hardly hence her here hers him his how however if in",
    "including indeed inside instead into its itself just last later least less like likewise many maybe",
    "me mean means more moreover most much my near nearby neither never nevertheless next no nobody none",
    "nor not nothing now of off often on once only onward other others otherwise our out outside over",
    "overall own per perhaps please quite rather respectively same seldom she since so some somebody",
    "someone something sometimes somewhat soon still such than that the their them themselves then there",
    "therefore these they this those though through throughout thus to together too toward twice under",
    "unless until unto up upon upward us usual very via we were what when where whether which while who",
    "whole whom whose why with within without yet you your hasn haven isn didn doesn wasn weren don won",
    "wouldn couldn",
)
# Adjectives of degree, of order and of time; those with telling ends are known by these.
_ADJECTIVES = _folded(
    "absolute active actual adjacent adjusted ancient angry annual annualized apparent arithmetic average",
    "bad balanced better big bright brief busy calm central cheap chief clean clear close closer cold",
    "common compact complete compound consecutive consistent constant convenient cool correct costly",
    "critical crucial current daily dark dear decent deep dense different difficult direct distant",
    "distinct double dry dual due early earlier earliest easy economical effective efficient eldest elder",
    "empty enormous entire equal evident exact expensive exponential extra far fast final fine firm flat",
    "former fortnightly frequent fresh full further general generous genuine geometric global good",
    "gradual grand great greater gross half happy hard harmonic heavy helpful hot hourly huge humid",
    "important inconsistent individual intense irregular joint key known large larger latter light likely",
    "linear little logarithmic long longer loud low lower loyal lucky main major median mild minor",
    "missing mixed moderate modern modest monthly moving mutual narrow natural nearby net new newer",
    "nominal nonzero normal notable odd old older opposite optimal ordinary original particular past",
    "peculiar perfect persistent plain plus poor populous positive possible powerful pre precise present",
    "prior profitable prominent proper punctual pure quick quiet random rapid rare raw ready real recent",
    "regular relevant reliable remaining remarkable resilient rich rolling rough round running rainy safe",
    "scarce secondary separate serious severe shallow sharp short shorter significant similar simple",
    "single slight slow small smaller smooth snowy solid special specific square stable stagnant static",
    "steady steep stormy straight strange strict strong stronger sudden sunny sure tall thick thin tight",
    "tiny total tough trailing trimmed triple true turbulent typical uncommon uneven unequal unique",
    "unpredictable unstable unusual upper urgent useful usual valid various vast volatile warm weak",
    "weighted wet whole wide wild windy worse worth wrong yearly young younger weekly quarterly seasonal",
    "cumulative relative corresponding respective following preceding existing outstanding according",
    "given going doing being having making coming lying leading standing living winning losing rising",
    "falling growing shrinking declining increasing decreasing popular",
)
_NONE = _STATISTICS | _COMPARED | _ANYTHING | _VERBS | _ADVERBS | _ADJECTIVES
# Past, adverb, superlative and the ends of adjectives; plurals have lost their s, and so have -ous and -less.
_ENDS = re.compile(r"\w{2,}(?:(?<!e)ed|ly|est|ous?|[ai]ble|ful|less?|ive)")
# Things that end so all the same.
_THINGS = _folded(
    "hundred shed sled moped ally anomaly assembly belly butterfly family fly italy jelly lily monopoly",
    "rally reply supply arrest chest conquest contest crest digest everest forest guest harvest inquest",
    "interest nest pest priest protest quest request rest rainforest test tempest unrest vest west",
    "midwest northwest southwest budapest cable constable crucible disable enable fable label parable",
    "stable syllable table timetable turntable variable vegetable bible additive adhesive alternative",
    "archive captive collective cooperative detective directive dive drive executive explosive fugitive",
    "hive incentive initiative locomotive motive narrative native objective olive perspective",
    "preservative representative sedative caribou bayou couscous wireless princess business address",
    "handful mouthful spoonful",
)


def is_noun(word: str) -> bool:
    """Whether a word, folded and without a plural's s, may be a thing that data have or lack.

    >>> [word for word in ("fell", "coefficient", "steadily", "humidity", "seed") if is_noun(word)]
    ['humidity', 'seed']
    """
    return word not in _NONE and (word in _THINGS or _ENDS.fullmatch(word) is None)


def is_statistic(word: str) -> bool:
    """Whether a folded word says what is computed of a measure: a coefficient, a gap, a streak."""
    return any(part in _STATISTICS | _COMPARED for part in words_of(word))
