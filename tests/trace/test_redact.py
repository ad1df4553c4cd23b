from __future__ import annotations

import time

import pytest

from qwen_magics.trace.plain import Plain
from qwen_magics.trace.redact import MARK, is_secret_name, redact


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("postgresql://me:hunter2@db/shop", f"postgresql://me:{MARK}@db/shop"),
        ("redis://:p4ss@host:6379/0", f"redis://:{MARK}@host:6379/0"),
        ("Authorization: Bearer abc.def123", f"Authorization: Bearer {MARK}"),
        ('{"authorization": "Basic dXNlcjpwYXNz"}', f'{{"authorization": "Basic {MARK}"}}'),
        ("curl -H 'X: bearer abcdef1234567890'", f"curl -H 'X: bearer {MARK}'"),
        ("password='hunter2' host=db", f"password='{MARK}' host=db"),
        ('"api_key": "abcdef"', f'"api_key": "{MARK}"'),
        ("AWS_SECRET_ACCESS_KEY=abcd/efgh+1", f"AWS_SECRET_ACCESS_KEY={MARK}"),
        ("key sk-proj-abcdEFGH1234567890abcdefgh.", f"key {MARK}."),
        ("ghp_0123456789abcdefghijABCDEFGHIJ", MARK),
        ("AKIAABCDEFGHIJKLMNOP", MARK),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abcdefg12", MARK),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nab+/=\n-----END RSA PRIVATE KEY-----\nafter",
            f"{MARK}\nafter",
        ),
    ],
)
def test_secrets_go(text: str, kept: str) -> None:
    assert redact(text) == (kept, 1)
    assert redact(kept) == (kept, 0)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT token, password FROM users WHERE password IS NULL",
        "basic statistics of the bearer certificates",
        "max_tokens=512, token_count: 12345",
        "https://example.org/a?b=c@d",
        "task-force risk-free sk_learn",
        "see https://example.org:8080/path",
        "",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert redact(text) == (text, 0)


def test_names_of_secrets() -> None:
    names = [
        "api_key",
        "apiKey",
        "DB_PASSWORD",
        "token",
        "access-token",
        "Authorization",
        "cookie",
        "client_secret",
    ]
    assert [name for name in names if not is_secret_name(name)] == []
    assert not any(map(is_secret_name, ["tokens", "max_tokens", "key", "keyword", "monkey", "secretary"]))


def test_values_of_secret_names_go_at_every_level() -> None:
    plain = Plain()
    values = plain.fields({"token": "x", "arguments": {"headers": [{"cookie": "y", "accept": "z"}]}})
    assert values == {"token": MARK, "arguments": {"headers": [{"cookie": MARK, "accept": "z"}]}}
    assert plain.redactions == 2


@pytest.mark.parametrize(
    "piece", ["a://", "bearer ", "eyJ", "-", "-----BEGIN PRIVATE KEY-----", "api_key", "a.b-c://x:"]
)
def test_a_hostile_text_does_not_make_it_slow(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    begin = time.process_time()
    redact(text)
    assert time.process_time() - begin < 3
