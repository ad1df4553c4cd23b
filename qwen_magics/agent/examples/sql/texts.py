"""Worked SQL examples about words and letters of texts, which each system takes apart in its own way."""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe

__all__ = ["SQL_TEXTS"]


SQL_TEXTS = (
    SqlRecipe(
        r"\b(last|final|closing|ending|trailing) (words?|token|piece)\b|\bwords?\b[^.?]*\bend (with|in|on)\b",
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
