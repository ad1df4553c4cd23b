"""What answering many prompts together brings: 1 to 32 rows at a time.

    python -m bench.batches [--model qwen2.5-coder-0.5b] [--save]

The work is what mapping over a column would be: 64 short texts with the same instructions before them. Once
a category and a reason are asked for, under a grammar, which forced tokens and drafts make short work of;
and once a free reply of up to 80 tokens. One row at a time is `Engine.generate` with all that it has. Every
answer of every width must be the same; the run fails otherwise. Each width runs in an engine of its own, so
that none drafts from another's answers.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.curves import directory, flags, keep, kept
from bench.machine import load_average
from bench.prompts import chat_prompt
from qwen_magics.chat.local import grammar_compiler
from qwen_magics.chat.messages import Message
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.threads import available_threads
from qwen_magics.model.tokenizer import Tokenizer

__all__ = ["ROWS", "Width", "measure", "saved", "table"]

ROWS = (1, 2, 4, 8, 16, 32)
_SORT = """Sort a message of a customer of a bicycle shop into one category.

Categories:
- delivery: late, lost or damaged parcels
- payment: invoices, refunds, cards
- product: questions on sizes, parts and repairs
- other: everything else

Answer with the category, a colon and a reason in a few words."""
_GRAMMAR = r"""%llguidance {}
start: category ": " reason
category: "delivery" | "payment" | "product" | "other"
reason: /[a-zA-Z ,'-]{10,90}/ "."
"""
_REPLY = "You answer messages of customers of a bicycle shop: friendly, concrete, three sentences."
_THINGS = ("helmet", "rear wheel", "brake pads", "child seat", "pump", "saddle", "chain", "front light")
_EVENTS = (
    "My {} has not arrived yet, ordered two weeks ago.",
    "I was charged twice for the {}, please refund one.",
    "Which size of {} fits a frame of 54 cm?",
    "The box with the {} was open and wet.",
    "Do you still write the newsletter? It had a nice article on the {}.",
    "The invoice for the {} lacks our VAT number.",
    "How do I mount the {} without special tools?",
    "The {} was delivered to my neighbour by mistake.",
)


@dataclass(frozen=True, slots=True)
class Width:
    """So many rows at a time; seconds for all prompts, and tokens of all answers.

    Attributes:
        work: `sort` (short, under a grammar) or `reply` (free text).
    """

    work: str
    rows: int
    prompts: int
    tokens: int
    seconds: float


def measure(folder: Path, *, threads: int, rows: Sequence[int] = ROWS, prompts: int = 64) -> list[Width]:
    """Answers all prompts at every width.

    Raises:
        ValueError: two widths gave different answers.
    """
    tokenizer, template = Tokenizer.from_directory(folder), ChatTemplate.from_directory(folder)
    # Things change fastest, so that any first few are of one kind with all things.
    texts = [event.format(thing) for event in _EVENTS for thing in _THINGS][:prompts]
    widths = []
    for work, instructions, longest in (("sort", _SORT, 40), ("reply", _REPLY, 80)):
        asked = [
            chat_prompt(tokenizer, template, [Message("system", instructions), Message("user", text)], "")
            for text in texts
        ]
        widths += _widths(work, folder, tokenizer, threads, rows, asked, longest)
    return widths


def _widths(
    work: str,
    folder: Path,
    tokenizer: Tokenizer,
    threads: int,
    rows: Sequence[int],
    asked: list[list[int]],
    longest: int,
) -> list[Width]:
    params, answers, widths = SamplingParams(max_tokens=longest), None, list[Width]()
    for width in rows:
        engine = Engine(folder, provider="cpu", threads=threads)
        end = tokenizer.token_id("<|im_end|>")
        compiler = grammar_compiler(tokenizer, engine.vocab_size, end)
        grammar = compiler.compile(_GRAMMAR) if work == "sort" else None
        engine.generate(asked[0][:40], SamplingParams(max_tokens=2))  # weights into memory
        started = perf_counter()
        if width == 1:
            found = [engine.generate(prompt, params, grammar=grammar).tokens for prompt in asked]
        else:
            found = [g.tokens for g in engine.generate_batch(asked, params, grammar=grammar, rows=width)]
        seconds = perf_counter() - started
        engine.close()
        if answers is not None and found != answers:
            msg = f"{width} rows at a time gave other answers than {rows[0]}"
            raise ValueError(msg)
        answers = found
        widths.append(Width(work, width, len(asked), sum(map(len, found)), seconds))
        print(table(widths[-1:]).splitlines()[-1], file=sys.stderr)
    return widths


def table(widths: Sequence[Width]) -> str:
    """In Markdown, as the docs have it; the gain is over the first row of the same work."""
    lines = [
        "| work | rows | seconds | answers per second | tokens per second | gain |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for w in widths:
        gain = next(first for first in widths if first.work == w.work).seconds / w.seconds
        lines.append(
            f"| {w.work} | {w.rows} | {w.seconds:.1f} | {w.prompts / w.seconds:.2f} "
            f"| {w.tokens / w.seconds:.0f} | {gain:.2f} × |"
        )
    return "\n".join(lines)


def saved(model: str) -> list[Width]:
    """What `--save` kept."""
    return [Width(**width) for width in kept("batches", model, "widths")]


def main() -> None:
    """See the module's docstring."""
    asked, before, threads = flags(__doc__), load_average(), available_threads()
    widths = measure(directory(asked), threads=threads)
    print(table(widths))
    if asked.save:
        keep("batches", asked.model, "widths", widths, threads=threads, before=before)


if __name__ == "__main__":
    main()
