"""`generate` of transformers, for both workers that have it: a grammar, stop strings, a clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from guidance import Grammars, Guide
from serving import Progress, StopText
from tokenizers import Tokenizer
from transformers import LogitsProcessorList, StoppingCriteria, StoppingCriteriaList

__all__ = ["Generation"]


class Generation:
    """Everything around one `generate` call.

    Args:
        tokenizer_json: for the text and the grammars; ids come with the request.
        vocab_size: width of the logits.
    """

    def __init__(self, tokenizer_json: Path, vocab_size: int) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer_json))
        self._grammars = Grammars(tokenizer_json, vocab_size)

    def arguments(self, request: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Keyword arguments of `generate`, its cache left out."""
        ids = torch.tensor([request["prompt"]])
        grammar = request["grammar"]
        processors = [] if grammar is None else [_guided(self._grammars.start(grammar))]
        watch = _Watch(len(request["prompt"]), progress, StopText(request["stop"]), self.tokenizer.decode)
        sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if request["temperature"] > 0:
            torch.manual_seed(request["seed"] or 0)
            sampling = {"do_sample": True, "temperature": request["temperature"], "top_p": 1.0, "top_k": 0}
        return {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "max_new_tokens": request["max_tokens"],
            "logits_processor": LogitsProcessorList(processors),
            "stopping_criteria": StoppingCriteriaList([watch]),
            "repetition_penalty": 1.0,
            **sampling,
        }

    def finish(self, request: dict[str, Any], sequence: list[int], progress: Progress) -> None:
        """The text of what came after the prompt."""
        answer = sequence[len(request["prompt"]) :]
        progress.text = StopText(request["stop"]).cut(self.tokenizer.decode(answer))
        progress.finish = "length" if len(answer) == request["max_tokens"] else "stop"


def _guided(guide: Guide) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    def process(input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        refused = guide.refused(input_ids[0].tolist(), int(scores[0].argmax()))
        return scores if refused is None else scores.masked_fill(torch.from_numpy(refused), -torch.inf)

    return process


class _Watch(StoppingCriteria):
    """Told of each token: counts it, and ends the answer at a stop string."""

    def __init__(
        self, prompt: int, progress: Progress, stop: StopText, decode: Callable[[list[int]], str]
    ) -> None:
        self._prompt, self._progress, self._stop, self._decode = prompt, progress, stop, decode

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        self._progress.add()
        found = self._stop.found(self._decode, input_ids[0, self._prompt :].tolist())
        return torch.tensor([found])
