"""Worked SQL examples about words and letters of texts, which each system takes apart in its own way."""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import LEADING_ARTICLE
from qwen_magics.agent.words.turned_names import LAST_FIRST

__all__ = ["SQL_TEXTS"]


_LAST = (
    r"(?:\b(?:last|final|closing|ending|trailing) (?:words?|token|piece)\b|\bwords?\b[^.?]*\bend"
    r" (?:with|in|on)\b"
    r"|\bwords? (?:is|are|comes?|stands?|was) (?:the |at the )?(?:last|final|end)\b(?! (?:week|month"
    r"|year|day)))"
)
_FIRST = (
    r"(?:\b(?:first|opening|leading|initial|starting) (?:words?|token)\b"
    r"|\bwords? (?:is|are|comes?|stands?|was) (?:the |at the )?(?:first|beginning|start)\b)"
)
_MOST = r"(?=.*\b(?:most|commonest)\b)(?!.*\b(?:each|every|per|at most)\b)"

_NO_PARTS = (
    r"(?!.*\b(?:first|given|last|family) and (?:\w+ )?(?:first|given|last|family) names?\b)"
    r"(?!.*\b(?:sort|order|arrange|alphabet)\w*\b)"
)
_LETTERS = (
    r"(?=.*\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: or (?:more|fewer))?[- ]"
    r"(?:letters?|characters?)\b)"
)

# "The initial of the first word, a full stop and the last word", "first letter and surname".
_INITIAL = (
    r"(?:\binitials?\b(?! (?:value|price|cost|amount|year|stock|deposit|investment|state|words?\b(?! of)))"
    r"|\b(?:first|opening|leading) (?:letter|character)s?\b)"
)
_LAST_PART = r"(?:\b(?:last|final|second|family) ?-?(?:words?|names?|part)\b|\bsurnames?\b|\brest\b)"
_DOT = (
    r"(?:\bfull stop|\bperiod\b(?! of)|\bdot\b|\bpoint\b|\babbreviat\w*|\bshort(?:ened)?\b"
    r"|(?-i:\b[A-Z]\. [A-Za-z]))"
)

# "The last two letters", "with which three characters do they end"; of a number, these are its digits.
_SOME = r"(?:\d|two|three|four|five)"
_SIGNS = r"(?:letters?|characters?|signs?|symbols?)"
_LAST_SIGNS = (
    rf"(?:\b(?:last|final|closing|ending|trailing) (?:{_SOME} )?{_SIGNS}\b"
    rf"|\b{_SIGNS} (?:do|does|did|are) [^.?;,]{{0,60}}\bend\b(?! (?:of|date))|\bend (?:with|in|on)"
    rf" (?:which|what) {_SIGNS}\b)"
)
_FIRST_SIGNS = (
    rf"(?:\b(?:first|leading|opening|initial|starting) {_SOME} {_SIGNS}\b"
    rf"|\b{_SOME} {_SIGNS} (?:do|does|did|are) [^.?;,]{{0,60}}\b(?:begin|start)\b(?! (?:of|date))"
    rf"|\b{_SOME}[- ](?:letter|character) prefix(?:es)?\b)"
)
_EACH_SIGNS = (
    r"(?=.*\b(?:how (?:many|often)|number of|counts?)\b)(?=.*\b(?:by|per|each|every|group\w*|according to)\b)"
    r"(?!.*\b(?:same|equal|match\w*|agree|identical|differ\w*|average|mean|total)\b)"
)
# One of them, without a second table or column whose letters are compared.
_MOST_SIGNS = rf"{_MOST}(?!.*\b(?:same|equal|match\w*|agree|identical|differ\w*)\b)"
_CUT = (
    r"(?:\b(?:cut|cutting|strip\w*|trim\w*|truncat\w+|chop\w*|shorten\w*)\b[^.?;]*"
    r"\b(?:at|from|after|before|behind) the (?:first )?(?:dash|hyphen)\b(?! back)"
    r"|\b(?:before|in front of|preced\w+|up to|ahead of|left of|until) (?:the|its|their|a|any)"
    r" (?:first )?(?:dash|hyphen)\b)"
)

SQL_TEXTS = (
    SqlRecipe(
        rf"^{_MOST_SIGNS}.*{_LAST_SIGNS}",
        "with which two letters do the product of the sales end most often?",
        "SELECT RIGHT(product, 2) AS letters FROM sales GROUP BY letters ORDER BY COUNT(*) DESC LIMIT 1",
        "SELECT SUBSTR(product, -2) AS letters FROM sales GROUP BY letters ORDER BY COUNT(*) DESC LIMIT 1",
    ),
    SqlRecipe(
        rf"^{_MOST_SIGNS}.*{_FIRST_SIGNS}",
        "with which two letters do the product of the sales begin most often?",
        "SELECT SUBSTR(product, 1, 2) AS letters FROM sales GROUP BY letters ORDER BY COUNT(*) DESC LIMIT 1",
    ),
    SqlRecipe(
        rf"^{_EACH_SIGNS}.*{_LAST_SIGNS}",
        "how many sales are there of each last two letters of product?",
        "SELECT RIGHT(product, 2) AS letters, COUNT(*) AS sales FROM sales GROUP BY letters",
        "SELECT SUBSTR(product, -2) AS letters, COUNT(*) AS sales FROM sales GROUP BY letters",
    ),
    SqlRecipe(
        rf"^{_EACH_SIGNS}.*{_FIRST_SIGNS}",
        "how many sales are there of each first three letters of product?",
        "SELECT SUBSTR(product, 1, 3) AS letters, COUNT(*) AS sales FROM sales GROUP BY letters",
    ),
    SqlRecipe(
        rf"{_CUT}",
        "how many sales are there of each product up to the first dash?",
        "SELECT SPLIT_PART(product, '-', 1) AS part, COUNT(*) AS sales FROM sales GROUP BY part",
        "SELECT SUBSTR(product, 1, INSTR(product || '-', '-') - 1) AS part, COUNT(*) AS sales FROM sales "
        "GROUP BY part",
    ),
    SqlRecipe(
        rf"^(?=.*{_INITIAL})(?=.*{_LAST_PART})(?=.*{_DOT})"
        r"(?!.*\b(?:how many|most|start\w*|begin\w*|no space|without (?:a |the )?space)\b)",
        "the product of each sale, and in short: its initial, a full stop, a space and its last word",
        "SELECT product, SUBSTR(product, 1, 1) || '. ' || SPLIT_PART(product, ' ', -1) AS short FROM sales",
        "SELECT product, SUBSTR(product, 1, 1) || '. ' || SUBSTR(product, LENGTH(RTRIM(product, "
        "REPLACE(product, ' ', ''))) + 1) AS short FROM sales",
    ),
    SqlRecipe(
        rf"^{_NO_PARTS}{_LETTERS}.*\b(?:first|given) ?-?names?\b",
        "how many sales have a product of which the first word has exactly four letters?",
        "SELECT COUNT(*) FROM sales WHERE LENGTH(SPLIT_PART(product, ' ', 1)) = 4",
        "SELECT COUNT(*) FROM sales WHERE LENGTH(SUBSTR(product, 1, INSTR(product || ' ', ' ') - 1)) = 4",
    ),
    SqlRecipe(
        rf"^{_NO_PARTS}{_LETTERS}.*\b(?:(?:last|family) ?-?names?|surnames?)\b",
        "how many sales have a product of which the last word has exactly four letters?",
        "SELECT COUNT(*) FROM sales WHERE LENGTH(SPLIT_PART(product, ' ', -1)) = 4",
        "SELECT COUNT(*) FROM sales WHERE LENGTH(SUBSTR(product, LENGTH(RTRIM(product, REPLACE(product, "
        "' ', ''))) + 1)) = 4",
    ),
    SqlRecipe(
        LEADING_ARTICLE,
        "show the product of each sale without the The at the beginning",
        "SELECT CASE WHEN product LIKE 'The %' THEN SUBSTR(product, 5) ELSE product END AS product "
        "FROM sales",
    ),
    SqlRecipe(
        LAST_FIRST,
        "write the product of each sale with the last word first, like Doe, John",
        r"SELECT REGEXP_REPLACE(product, '^(.*) (\S+)$', '\2, \1') AS turned FROM sales",
        "SELECT SUBSTR(product, LENGTH(RTRIM(product, REPLACE(product, ' ', ''))) + 1) || ', ' || "
        "RTRIM(RTRIM(product, REPLACE(product, ' ', ''))) AS turned FROM sales",
    ),
    SqlRecipe(
        rf"^{_MOST}.*{_LAST}",
        "which last word of product do the most sales have?",
        "SELECT SPLIT_PART(product, ' ', -1) AS word FROM sales GROUP BY word ORDER BY COUNT(*) DESC LIMIT 1",
        "SELECT SUBSTR(product, LENGTH(RTRIM(product, REPLACE(product, ' ', ''))) + 1) AS word "
        "FROM sales GROUP BY word ORDER BY COUNT(*) DESC LIMIT 1",
    ),
    SqlRecipe(
        rf"^{_MOST}.*{_FIRST}",
        "which first word of product do the most sales have?",
        "SELECT SPLIT_PART(product, ' ', 1) AS word FROM sales GROUP BY word ORDER BY COUNT(*) DESC LIMIT 1",
        "SELECT SUBSTR(product, 1, INSTR(product || ' ', ' ') - 1) AS word FROM sales "
        "GROUP BY word ORDER BY COUNT(*) DESC LIMIT 1",
    ),
    SqlRecipe(
        _LAST,
        "how many sales are there of each last word of product?",
        "SELECT SPLIT_PART(product, ' ', -1) AS word, COUNT(*) AS sales FROM sales GROUP BY word",
        # What is left of the text without all that stands behind its last space.
        "SELECT SUBSTR(product, LENGTH(RTRIM(product, REPLACE(product, ' ', ''))) + 1) AS word, "
        "COUNT(*) AS sales FROM sales GROUP BY word",
    ),
    SqlRecipe(
        r"\bascii\b|\b(accent(s|ed)?|umlauts?|diacritics?|diacritical)\b|\bspecial (characters?|letters?)\b"
        r"|\b(characters?|letters?) (outside|beyond|that (are|is) not (in|part of)) (a to z|the english)",
        "how many sales have a product with a character that is not plain ASCII?",
        "SELECT COUNT(*) FROM sales WHERE BIT_LENGTH(product) > 8 * LENGTH(product)",
        "SELECT COUNT(*) FROM sales WHERE product GLOB '*[^ -~]*'",
        duckdb="SELECT COUNT(*) FROM sales WHERE REGEXP_MATCHES(product, '[^ -~]')",
    ),
)
