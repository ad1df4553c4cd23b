"""A tiny random model with a real tokenizer: runs in milliseconds, decides nothing sensible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qwen_magics.chat.local import grammar_compiler
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.grammar import GrammarCompiler
from qwen_magics.model.tokenizer import Tokenizer
from tests.tiny import build_tiny

FOREIGN = Path(__file__).parent.parent / "golden" / "foreign"


@pytest.fixture(
    scope="session", params=["qwen2-fp32", "qwen3-int4", "qwen2-fp16", "qwen3-int8-fp16", "optimum"]
)
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ours, and one whose cache grows by copying."""
    if request.param == "optimum":
        return FOREIGN / "optimum"
    family, quantisation = request.param.split("-", 1)
    return build_tiny(
        tmp_path_factory.mktemp("tiny") / request.param, family=family, quantisation=quantisation
    )


@pytest.fixture(scope="session")
def tiny_fp32(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("tiny-one") / "model")


@pytest.fixture
def load() -> Iterator[Callable[[Path], Engine]]:
    """Opens engines on the CPU and closes them after the test."""
    opened: list[Engine] = []

    def open_engine(path: Path, **options: int) -> Engine:
        opened.append(Engine(path, provider="cpu", threads=1, **options))
        return opened[-1]

    yield open_engine
    for engine in opened:
        engine.close()


@pytest.fixture(scope="session")
def compiler(tiny_fp32: Path) -> GrammarCompiler:
    tokenizer = Tokenizer.from_directory(tiny_fp32)
    with_engine = Engine(tiny_fp32, provider="cpu", threads=1)
    eos = min(with_engine.eos_tokens)
    width = with_engine.vocab_size
    with_engine.close()
    return grammar_compiler(tokenizer, width, eos)
