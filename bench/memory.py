"""Where the memory goes: resident size after each thing that a first answer needs. Linux.

    python -m bench.memory [--model qwen2.5-coder-0.5b]

One engine in this process, as a notebook loads it, over the questions of `evals/`. Private memory is the
process's own; the rest are pages of files, which the system takes back when it needs the room.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.agent_workload import Task, first_prompts, tasks
from qwen_magics.chat.local import grammar_compiler
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.model.store import Store
from qwen_magics.model.tokenizer import Tokenizer

_ANSWER = 24
_FIELDS = {"resident": "VmRSS", "private": "RssAnon", "peak": "VmHWM"}


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen2.5-coder-0.5b")
    directory = Store().find(parser.parse_args().model)
    assert directory is not None, "pull the model first"
    with tasks(["quickstart"], 12) as asked:
        report(directory, asked)


def report(directory: Path, asked: Sequence[Task]) -> None:
    """Print a line per stage, in MB; `asked`: at least two questions about the same frames."""
    print(f"{'':28}" + "".join(f"{name:>12}" for name in _FIELDS))
    _line("interpreter and packages")
    tokenizer, template = Tokenizer.from_directory(directory), ChatTemplate.from_directory(directory)
    _line("+ tokenizer")
    engine = Engine(directory, provider="cpu", context_length=4096)
    _line("+ weights")
    compiler = grammar_compiler(tokenizer, engine.vocab_size, tokenizer.token_id("<|im_end|>"))
    compiler.prepare()
    _line("+ grammar table")
    grammar = compiler.compile(asked[0].grammar)
    _line("+ grammar of the first tables")
    for name, prompt in zip(("first", "second"), first_prompts(asked, tokenizer, template), strict=True):
        engine.generate(prompt, SamplingParams(max_tokens=_ANSWER), grammar=grammar)
        cache = engine.cache_bytes / 1e6
        _line(f"+ {name} prompt, {len(prompt)} tokens", f"  {cache:.0f} of it keys and values")
    files = sum(path.stat().st_size for path in directory.iterdir())
    print(f"model files {files / 1e6:,.0f} MB")


def _line(stage: str, note: str = "") -> None:
    lines = Path("/proc/self/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    sizes = (1024 * int(fields[key].split()[0]) / 1e6 for key in _FIELDS.values())
    print(f"{stage:28}" + "".join(f"{size:12,.0f}" for size in sizes) + note)


if __name__ == "__main__":
    main()
