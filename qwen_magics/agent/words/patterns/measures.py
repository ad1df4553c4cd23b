"""What people say of windows, steps of time and how a column is distributed: parts of pandas patterns.

The same rules as in `agent.words.patterns.programs`.
"""

from __future__ import annotations

from qwen_magics.agent.words.patterns.words import BEFORE, NEXT, PERCENT, UNIT

__all__ = [
    "BANDS",
    "CHANCE",
    "DEVIATIONS",
    "EDGES",
    "EDGES_OF_BANDS",
    "EXTREME",
    "GROWING",
    "INTERPOLATED",
    "MONTHLY",
    "ROLLING",
    "SMOOTHED_PEAK",
    "SUMMARY",
]

# Windows and steps of time.
ROLLING = (
    r"(?:\brolling\b|\bmoving (?:averag|mean|sum|median|window|max|min|total)\w*|\brunning (?:averag\w+"
    r"|means?)\b"
    r"|\btrailing\b|\bsmooth(?:ed|ing)?\b|\bmoving\b|滚动|移动平均)"
)
SMOOTHED_PEAK = r"(?:\b(?:any|over|of) (?:\w+ )?(?:consecutive|successive) )"
EXTREME = (
    r"(?:\b(?:largest|highest|lowest|greatest|max(?:imum|imal)?|min(?:imum|imal)?|peak\w*|smallest|best|worst"
    r"|top|biggest)\b|\bhow (?:high|low)\b)"
)
MONTHLY = (
    r"(?:\bmonthly\b|\b(?:per|each|every|by|calendar) (?:calendar )?(?:months?|weeks?|days?|quarters?)\b"
    r"|\bmonth by month\b|\bto months\b|\b(?:weekly|daily|quarterly)\b|\bresampl\w*|重采样)"
)

# "How many percent more than in the month before": behind no `^`.
_STEPS = (
    rf"(?:{NEXT}|{BEFORE}|\bover {UNIT}\b|\b{UNIT}[- ]o(?:n|ver)[- ]{UNIT}\b|\blast {UNIT}['’]s|\bchange\b)"
)
GROWING = (
    rf"(?:\bpct[_ -]changes?\b|^(?=.*(?:{PERCENT}|\brelative change))(?=.*{_STEPS})|\bmonth[- ]over"
    r"|环比|同比|增长)"
)

# How one column is distributed.
_SIGMA = r"(?:std\.?(?: ?devs?\.?)?|standard deviations?|sds?|sigmas?|stdevs?)"
DEVIATIONS = (
    r"(?:\bz[- ]?(?:scores?|transform\w*|values?)|\bz ?[<>]|\bstandardi[sz]\w*|\bstandard scores?\b"
    rf"|(?:\d|\b(?:one|two|three|four|half)) ?{_SIGMA}\b"
    rf"|\b{_SIGMA} (?:or more )?(?:above|below|from|away|higher|lower)\b|\boutliers?\b|标准化|离群"
    rf"|异常)"
)
SUMMARY = (
    r"(?:\bdescribe\b|\bdescriptive\b|\b(?:summary|overview|basic|usual) stat\w*|\b(?:five|5)-number\b"
    r"|\bsummar\w+\b.{0,60}\b(?:quartiles|spread|standard deviation|std)\b"
    r"|\bmean\b.{0,20}\b(?:std|sd|standard deviation)\b.{0,40}\b(?:min|max|quartiles?)\b|概要|描述)"
)
BANDS = (
    r"(?:\bbin(?:s|ned|ning)?\b|\bhistogram|\bbucket\w*|\bbands?\b|\bbrackets?\b|\bintervals?\b|\bedges\b"
    r"|\bbreak ?points?\b|\b(?:size )?class(?:es| limits)\b|\branges\b|\bslices?\b|\bcut \w+ at\b"
    r"|\bbetween \d[\d.,]* and \d[\d.,]*,|分箱|直方)"
)
# Three figures one after the other: "0, 10, 100".
_STEP = r"(?:, and |, |,| and | to | ?[/;–-] ?)\d[\d.]*"
EDGES = rf"\d[\d.]*{_STEP}{_STEP}"
# Neither a part of a date nor the years of a decade.
_DECADE = r"(?:1[5-9]|20)\d0 ?(?:-|–|to) ?(?:1[5-9]|20)\d9\b"
_RANGE = rf"(?<![\d-])\b(?!{_DECADE})\d+ ?(?:-|–|to) ?\d+(?![\d-])"
EDGES_OF_BANDS = rf"(?:{BANDS}.{{0,60}}{EDGES}|{EDGES}.{{0,60}}{BANDS}|{_RANGE},? (?:and )?{_RANGE})"
CHANCE = (
    r"(?:\bsignifican\w*|\b(?:just|due to|by|mere) (?:be )?chance\b|\bstatistically\b"
    r"|\btest (?:if|whether)\b.*\bdiffer\w*|检验)"
)
INTERPOLATED = (
    r"(?:\binterpolat\w*|\bfill\w*\b.{0,40}\b(?:missing|gaps?|blanks?|nulls?|nans?|holes?|empty)\b"
    r"|\bbridg\w+ "
    r"(?:the )?gaps|插值|填充)"
)
