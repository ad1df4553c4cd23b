"""How fast a loaded model runs here: a short measurement for `doctor`, no benchmark."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from qwen_magics.engine.generation import SamplingParams

if TYPE_CHECKING:
    from qwen_magics.engine.engine import Engine

__all__ = ["Speed", "measure_speed"]


@dataclass(frozen=True, slots=True)
class Speed:
    """What one machine does with one model.

    Attributes:
        load_s: seconds that loading took.
        prefill_tok_s: prompt tokens computed per second.
        decode_tok_s: answer tokens generated per second.
    """

    load_s: float
    prefill_tok_s: float
    decode_tok_s: float


def measure_speed(
    engine: Engine, *, prompt_tokens: int = 96, answer_tokens: int = 16, budget_s: float = 2.0
) -> Speed:
    """Prefill a random prompt and decode an answer, once, after a short warm-up.

    Takes about a second for a model of 0.5 billion parameters on two cores; decoding stops after `budget_s`
    however slow the model is. The engine's cached prompt is lost.

    Raises:
        EngineError: the model cannot run; the message says why.
    """
    # Random ids share no prefix with what is cached and seldom lead to an end token.
    ids = [random.randrange(engine.vocab_size) for _ in range(prompt_tokens + 8)]
    engine.generate(ids[:8], SamplingParams(max_tokens=1))
    times: list[float] = []
    cancel = threading.Event()

    def on_token(_: int) -> None:
        times.append(perf_counter())
        if times[-1] - times[0] > budget_s:
            cancel.set()

    # Sampling flat keeps the random answer from ending at once.
    params = SamplingParams(temperature=2.0, seed=0, max_tokens=answer_tokens)
    generation = engine.generate(ids[8:], params, on_token=on_token, cancel=cancel)
    usage = generation.usage
    prefill = (usage.prompt_tokens - usage.cached_tokens) / usage.prefill_s
    # Without a second token (an end token came first) one token took at least as long as one prefill run.
    decode = (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 1 / usage.prefill_s
    return Speed(load_s=engine.load_s, prefill_tok_s=prefill, decode_tok_s=decode)
