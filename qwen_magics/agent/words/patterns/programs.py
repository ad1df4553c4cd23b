"""What people say that is asked of pandas: the parts that patterns of worked pandas examples are built of.

All of them are for `re.search` with IGNORECASE and capture nothing, so that they can be put together. None
looks further than a few words; `saying` and `not_saying` of `patterns.words` look ahead in the question.
"""

from __future__ import annotations

__all__ = [
    "ANOVA",
    "BY_ROW",
    "CHI",
    "COEFFICIENT",
    "COEFFICIENTS",
    "CORRELATION",
    "COUNTS",
    "COVARIANCE",
    "CROSS",
    "DOWN_ACROSS",
    "EARLIER_SELF",
    "FITTED",
    "GROUPS",
    "LONG",
    "MANN",
    "MATRIX",
    "MEANS",
    "NOT_P",
    "ONE_REGRESSOR",
    "PREDICTED",
    "PVALUE",
    "RANKED",
    "ROW_SHARES",
    "R_SQUARED",
    "SEVERAL",
    "SHARES",
    "SLOPE",
    "TRANSPOSED",
    "TWO_WAY",
    "T_STATISTIC",
    "T_TEST",
    "WEEKDAYS",
    "WELCH",
]

# Tests. "P" is a word of its own here: "just the p", "what p?".
PVALUE = r"(?:\bp[- ]?values?\b|(?<![\w.])p\b(?! ?[<>=])(?!-)|\bprobability value\b|p值)"
NOT_P = (
    r"(?:\b(?:not|no|rather than|instead of|without|no need (?:of|for)|n['’]t (?:need|want)|forget)"
    r" (?:just |for |about )?(?:the |its |a |any )?p(?:[- ]?values?)?\b"
    r"|\b(?:statistic|f|t|value) and (?:the |its )?p\b)"
)
WELCH = (
    r"(?:\bwelch|\bunequal[- ](?:variance|spread)|\bvariances? (?:\w+ )?(?:differ|unequal|not equal)"
    r"|(?:\bnot?|\bwithout|n['’]t)\b[^.;]{0,30}\b(?:equal(?:ity)?(?: of)?[- ]varianc|pool)"
    r"|equal_var ?= ?false)"
)
T_TEST = (
    r"(?:\bt[- ]?tests?\b|\bttest\w*|\bt[- ]?(?:statistic|value|score)s?\b|\bstudent(?:['’]s)? (?:t\b|test)"
    r"|\bwelch|\b(?:two|independent|2)[- ]samples?\b|\bunpaired\b|\b(?:un)?equal[- ]variances?\b"
    r"|\bpool\w* (?:the )?variances?\b|\bpooled\b)"
)
T_STATISTIC = (
    r"(?:\bt[- ]?(?:statistic|value|score)s?\b|\bstatistic\b"
    r"|(?<!['’\w])t\b(?![- ]?(?:tests?|distribut\w*)\b))"
)
CHI = r"(?:\bchi[- ]?(?:2|sq)|\bχ|\bx²|\bx\^2|卡方)"
MANN = r"(?:\bmann.{0,5}whitney|\brank[- ]?sum\b|\bu[- ](?:test|statistic)\b)"
ANOVA = (
    r"(?:\banova\b|\banalysis of variance\b|\bf[- ](?:test|statistic|ratio|value)\b"
    r"|\bbetween\b.{0,20}\bwithin\b.{0,20}\b(?:variance|squares)|方差分析)"
)

# Relations between columns.
CORRELATION = (
    r"(?:correlat\w*|corr\b|自?相关|\bpearson(?!['’]s chi)\w*"
    r"|\br (?:between|of|for|per|in|from)\b|\b(?:the|compute|pairwise|report) r\b(?![- ]?sq))"
)
RANKED = (
    r"(?:\bspearman|\bkendall|\brank(?:ed)?[- ](?:order |based )?correlat|\bcorrelat\w* (?:\w+ )?by rank"
    r"|\bby their ranks?\b|\branks (?:rather|instead|of|and|not)\b|\bmonoton\w+|\brho\b)"
)
MATRIX = (
    r"(?:\bmatrix\b|\btables?\b|\bgrid\b|\bpairwise\b|\b(?:all|every|each) pairs?\b|\beach other\b"
    r"|\bone another\b|\bevery (?:\w+ )?other\b|\bmutual|\bintercorrel|\bcross-?correlations|\bamong\b)"
)
EARLIER_SELF = (
    r"(?:\bauto-?corr|\bserial(?:ly)? correlat|\bself-?correlat|\b(?:with|and|against|to|of) itself\b"
    r"|\b(?:its|their) own (?:\w+ )?"
    r"(?:value|past|lag|history|self)\w*|自相关)"
)
COVARIANCE = r"(?:\bcovar\w*|\bcov\b|\bvary together\b|协方差)"
R_SQUARED = (
    r"(?:\br[- ]?(?:squared?|sq|2)\b|\br²|\brsquared|\b(?:coefficient|degree) of determination"
    r"|\bgoodness[- ]of[- ]fit\b|\bsquared? (?:of )?(?:the |its )?(?:\w+ )?(?:correlat|pearson)"
    r"|\bcorrelat\w* squared|\bpearson.{0,40}\bsquare it|\b(?:share|proportion|fraction|much|percent\w*"
    r"|part) of "
    r"(?:the )?(?:\w+ )?vari(?:ance|ation|ability)|\bexplain\w*.*varia|\bvaria\w*.*\bexplain|决定系数)"
)
FITTED = (
    r"(?:\b(?:straight|best|fitted|regression|calibration)[- ](?:fit )?lines?\b|\bline of best fit\b"
    r"|\bbest[- ]fit\b|\bregress\w*|\blinear(?:ly)?[- ](?:fit\w*|model\w*|trend\w*|regress\w*|function"
    r"|extrapolat\w*|relation\w*|calibrat\w*)|\bleast[- ]squares\b|\bols\b|\bpolyfit\b|\btrend ?lines?\b"
    r"|\blines? (?:through|fitted|fits?)\b"
    r"|\b(?:by|using) a line\b|\bbest line\b|\bfit\w*\b.{0,60}\b(?:a|the) (?:straight )?line\b"
    r"|回归|斜率|截距|拟合|趋势)"
)
SLOPE = (
    r"(?:\bslopes?\b|\bgradients?\b|\bsteep\w*|\bat what rate\b|\bhow (?:fast|quickly)\b"
    r"|\bper (?:\w+ ){0,2}(?:unit|year|extra|additional|hour)|\b(?:each|every|one) (?:extra|additional"
    r"|more)\b"
    r"|\bfor each\b|\bby how much\b|\bintercept)"
)
PREDICTED = (
    r"(?:\bpredict\w*|\bexpect\w*|\bestimat\w*|\bevaluat\w*|\bextrapolat\w*|\bforecast\w*|\bread off\b"
    r"|\bwould\b|\bshould\b|\b(?:give|yield)s?\b|\breach\w*|\baccording to\b"
    r"|\b(?:at|for|with|aged?) (?:an? |the )?(?:\w+ ){0,3}-?(?!(?:19|20)\d\d)\d+(?!-| and| to)\b|预测)"
)
# "On weight and rating", "with weight and rating as predictors", "~ weight + rating", "once rating is fixed".
_NO_COLUMN = (
    r"(?:what|how|which|where|who|find|give|show|report|compute|predict|then|please|i|the slope|the r|read"
    r"|tell|return|only|just|slope|intercept|missing|drop\w*|ignor\w*|skip\w*|leav\w*|r2|r²|square|plot"
    r"|use|take|one|evaluate)\b"
)
_REGRESSED = (
    r"\b(?:regress\w*|least squares|ols|linear (?:model|fit|function)|modell?(?:ed)?|explain\w*"
    r"|account\w* for|predict(?:ed)?|fit)\b"
)
SEVERAL = (
    r"(?:\b(?:multiple|multivaria\w+|multi-?variable) (?:linear )?regress"
    rf"|{_REGRESSED}.*\b(?:on|from|against|with|by|using|of) (?:\w+ ){{0,3}}\w+(?:,| and| plus)"
    rf" (?!{_NO_COLUMN})\w+"
    r"|~ ?\w+[^.;]{0,30}\+ ?\w"
    r"|\b(?:predictors|regressors|independents|covariates|(?:independent|explanatory) variables)\b"
    r"|\b(?:controlling|adjust(?:ing|ed)|accounting) for\b|\bheld (?:fixed|constant)|\bhold(?:ing)?\b.{0,30}"
    r"\b(?:fixed|constant)|\bother (?:regressor|predictor|variable)s? |\bpartial effect|\bin the model\b"
    r"|\band (?:\w+ ){1,4}(?:together |jointly )?(?:explain|account for|predict)\b|\bjointly\b)"
)
ONE_REGRESSOR = (
    r"(?:\b(?:alone|by itself|one-variable|single[- ](?:predictor|variable|regressor))\b"
    r"|\bsimple (?:linear )?regress)"
)
COEFFICIENT = (
    r"(?:\b(?:coefficient|coef|beta|slope|effect|parameter|estimate)\b(?! of determination)"
    r"|\b(?:each|every|one|per) (?:extra|additional|more|unit)\b|\bgo(?:es)? up\b)"
)
COEFFICIENTS = r"(?:\b(?:coefficients|coef(?:ficient)?s|params|parameters|betas|slopes|all|every|equation)\b)"

# Groups, and layouts of tables.
GROUPS = (
    r"(?:\b(?:within|per(?![- ]cent)|each|every|separately|(?:group|broken?|split)(?:ed)? (?:\w+ ){0,3}by)\b"
    r"|\bby (?!rank|pearson|spearman|kendall|itself|themselves|how|what|linear|its|the corr|corr|least|ols"
    r"|using|means|interpol)\w|每)"
)
DOWN_ACROSS = (
    r"(?:\b(?:as (?:the )?|in(?:to)? (?:separate |own )?)columns\b|\((?:as )?columns?\)"
    r"|\b(?:one|an?|own|separate|single) column (?:per|for|each)\b|\bcolumns? (?:for|per) (?:each|every)\b"
    r"|\b(?:separate|own) columns?\b|\b(?:is|be|as|becomes?) a column\b"
    r"|\bcolumns (?:each|are the|to be|=)|\bacross(?= the (?:top|page)\b|\W*$| ?[,.;?)]| and\b)"
    r"|\bside by side\b|\bwide (?:form\w*|table|layout|shape)\b|\bhorizontal|\bvertically\b"
    r"|\balong the top\b|\bdown the side\b|\bheat ?map\b|透视|宽表)"
)
TWO_WAY = (
    r"(?:\bcross[- ]?tab\w*|\bcross[- ]?(?:table|classif)\w*|\bcontingency\b|\btwo[- ]way (?!street|radio"
    r"|road|traffic)"
    r"|\bcross (?:\w+ ){1,4}(?:with|and)\b|(?<!league )\btable of \w+ by (?!(?:total|sum|average"
    r"|mean|number|points|how|most)\b)\w+|\bfrequency table\b.{0,40}\b(?:of|for|by)\b"
    r"|\bjoint (?:counts?|frequenc\w+)|交叉表|列联表)"
)
CROSS = (
    rf"(?:{TWO_WAY}|\btabulat\w*|\b(?:in|as) a grid\b|\bgrid of\b|\b(?:each|every) combination\b|\w ?× ?\w"
    r"|\b\w+ x \w+\b)"
)
COUNTS = (
    r"(?:\bhow (?:many|often)\b|\b(?:number|count|tally|frequency)s? of\b|\bcount(?:s|ed|ing)?\b"
    r"|\btall(?:y|ies)\b"
    r"|\bfrequenc\w+|\braw numbers\b)"
)
MEANS = r"(?:\baverag\w+|\bavg\b|\bmeans?\b|\btypical\b)"
SHARES = r"(?:%|\b(?:shares?|percent\w*|per cent|proportions?|fractions?|relative frequenc\w+)\b|归一)"
BY_ROW = (
    r"(?:\brow[- ]?(?:wise )?(?:percent\w*|shares?|proportions?)|\bnormali[sz]\w+ (?:by|per|over|within|to) "
    r"|\b(?:add\w*|sum\w*)(?: up)? to (?:1|one|100)\b)"
)
ROW_SHARES = (
    rf"(?:{BY_ROW}|\bwithin (?:each|every|its|\w+ \w+)\b"
    r"|\bof (?:the|that|every|each|its) (?:\w+ )?\w+['’]s? )"
)
TRANSPOSED = (
    r"(?:\btranspos\w*|(?<![\w.])\.T\b|\)\.T\b|\bflipp?ed\b|\bflip\b|\brotat\w+|\bsideways\b|\bturn (?:the"
    r"|this|that) table\b|\bon (?:its|their) sides?\b"
    r"|\bswap\w*\b.{0,40}\b(?:rows|columns)|\b(?:rows|columns)\b.{0,30}\bswap|\bmeasures? (?:down|as rows"
    r"|in (?:the )?rows)|\brow (?:per|for (?:each|every)(?: of the)?)"
    r" (?:measure|metric|variable|indicator|statistic|attribute)"
    r"|转置)"
)
LONG = (
    r"(?:\bmelt\w*|\bun-?pivot\w*|\bwide[- ]to[- ]long\b|\blong(?:er)? (?:form(?:at)?|table|shape)\b|\btidy\b"
    r"|\bgather\w*\b.{0,60}\bvalue|\bpivot_longer\b|\bstack\b.{0,30}\bcolumns|\bcolumns\b.{0,40}\bbecome rows"
    r"|\binto rows\b|\bone row per value\b|长表)"
)
WEEKDAYS = r"(?:\bweek ?days?\b|\bdays? of (?:the )?week\b|\bday names?\b|\bmonday\b)"
