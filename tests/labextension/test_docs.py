"""docs/extension.md names every plugin and setting that there is, and no other; layers import downwards."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "labextension"
PAGE = (ROOT / "docs" / "extension.md").read_text(encoding="utf-8")
FILES = sorted((SOURCE / "src").rglob("*.ts"))
LAYERS = ["lab", "editor", "view", "trace"]


def test_plugins() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    plugins = set(re.findall(r"(?:id:|const ID =) '(qwen-magics:[a-z]+)'", text))
    assert plugins == set(re.findall(r"^\| `(qwen-magics:[a-z]+)` \|", PAGE, re.MULTILINE))


def test_settings() -> None:
    schemas = [json.loads(path.read_text(encoding="utf-8")) for path in (SOURCE / "schema").glob("*.json")]
    offered = {
        (name, json.dumps(value["default"])) for one in schemas for name, value in one["properties"].items()
    }
    section = PAGE.split("## Settings")[1].split("Each part")[0]
    assert offered == set(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE / "src")))
def test_layers(path: Path) -> None:
    own = path.relative_to(SOURCE / "src").parts[0]
    text = path.read_text(encoding="utf-8")
    imported = re.findall(r"from '([^']+)'", text)
    if own in LAYERS:
        others = [name.split("/")[1] for name in imported if name.startswith("../")]
        assert all(LAYERS.index(own) <= LAYERS.index(other) for other in others)
    if own in ("view", "trace"):
        assert not [name for name in imported if not name.startswith(".")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE / "src")))
def test_no_markup_is_made_from_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser", text
    )
    assert len(text.splitlines()) <= 500


SHOWN = r"(?:label|caption|placeholder|textContent|title(?:\.\w+)?)\s*[:=]\s*|Notification\.\w+\(\s*"
LITERAL = re.compile(rf"(?:{SHOWN})['\"`][^'\"`]*[A-Za-z]{{2}}.*")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE / "src")))
def test_what_is_shown_can_be_translated(path: Path) -> None:
    assert LITERAL.findall(path.read_text(encoding="utf-8")) == []


def test_a_text_that_cannot_be_translated_would_be_found() -> None:
    assert LITERAL.findall("label: 'Ask', caption: words.__('x')\nbutton.title = `Qwen ${x}`") == [
        "label: 'Ask', caption: words.__('x')",
        "title = `Qwen ${x}`",
    ]


def test_the_style_sheets_touch_nothing_else() -> None:
    for sheet in (SOURCE / "style").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        rules = re.sub(r"@(media|container|keyframes)[^{]*\{", "", text)
        for selector in ",".join(re.findall(r"([^{}@;]+)\{", rules)).split(","):
            assert not selector or ".qm-" in selector or selector.strip() in ("from", "to"), selector
        assert not re.search(r"url\((?![\"']\./)", text), sheet
