"""Traces as one HTML file for a colleague who has a browser and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from qwen_magics.trace.escape import html, one_line
from qwen_magics.trace.html import to_html
from qwen_magics.trace.spans import Trace

__all__ = ["to_page"]

# The page asks for nothing and runs nothing, whatever stands in it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em }
section { margin: 0 0 3em 0 } h1, h2 { font-size: 1.1em; overflow-wrap: anywhere } h1 { font-weight: 400 }
summary:focus-visible { outline: 2px solid #4a90d9 }
"""


def to_page(traces: Iterable[tuple[str, Trace]], title: str = "Runs") -> str:
    """A whole HTML document.

    Args:
        traces: each with the place that it comes from, such as `analysis.ipynb:3`.
    """
    sections = [
        f"<section>\n<h2>{html(one_line(trace.question, 300))} <small>{html(place)}</small></h2>\n"
        f"{to_html(trace)}\n</section>"
        for place, trace in traces
    ]
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{html(one_line(title, 200))}</title>\n<style>{_STYLE}</style>"
    )
    body = "\n".join([f"<h1>{html(one_line(title, 200))}</h1>", *sections])
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>'
