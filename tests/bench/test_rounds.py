"""The measuring itself, over workers that only repeat their prompts, and our own worker over a tiny model."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bench.agent_workload import PeerModel, Task, ask
from bench.environments import WORKERS, Environment
from bench.peers import Peer, chosen
from bench.prompts import prose_prompt
from bench.rounds import Plan, Rounds
from bench.worker import Worker
from evals.question import Question
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.model.tokenizer import Tokenizer
from qwen_magics.tools.frames import FrameDatabase


class EchoPeer(Peer):
    def command(self) -> list[str]:
        return [sys.executable, str(Path(__file__).with_name("echo_worker.py"))]

    def model(self, artifacts: Any) -> Path:
        return Path("nothing")


@dataclass
class Directory:
    """In the place of `Artifacts`."""

    folder: Path

    def path(self, artifact: str) -> Path:
        return self.folder


def peers(*keys: str) -> list[Peer]:
    return [EchoPeer(key, key, Environment("none"), "", "") for key in keys]


def run(tiny: Path, *, limit_s: float = 60.0) -> Rounds:
    plan = Plan(lengths=(8, 32), decode=4, repeat=2, limit_s=limit_s, threads=1)
    rounds = Rounds(plan, peers("one", "two"), Directory(tiny), ())  # type: ignore[arg-type]
    rounds.run()
    return rounds


def test_every_peer_has_a_sample_per_round(tiny: Path) -> None:
    for record in run(tiny).records.values():
        assert not record.notes
        assert record.facts["settings"] == {"threads": 1}
        for metric in ("load_s", "prefill_tok_s@8", "prefill_tok_s@32", "decode_tok_s@32", "peak_bytes@8"):
            values = record.samples[metric]
            assert len(values) == 2
            assert all(value is not None and value > 0 for value in values)


def test_a_slow_peer_is_cut_and_the_report_says_where(tiny: Path) -> None:
    for record in run(tiny, limit_s=0.0).records.values():
        assert "prefill_tok_s@32" not in record.samples
        assert record.notes[0].startswith("cut at 8 tokens: 32 would take about")
        assert len(record.notes) == 1


def test_prompts_of_two_rounds_share_no_beginning(tiny: Path) -> None:
    tokenizer = Tokenizer.from_directory(tiny)
    first, second = prose_prompt(tokenizer, 64, 1_000), prose_prompt(tokenizer, 64, 21_011)
    assert len(first) == len(second) == 64
    assert first[:8] != second[:8]
    assert first == prose_prompt(tokenizer, 64, 1_000)


def test_our_own_worker(tiny: Path, tmp_path: Path) -> None:
    request: dict[str, Any] = {"temperature": 0.0, "seed": 0, "grammar": None, "stop": [], "max_tokens": 6}
    with Worker([sys.executable, str(WORKERS / "run_ours.py")], tmp_path / "log", {}) as worker:
        loaded = worker.call("load", model=str(tiny), threads=1, context=128)
        assert loaded["settings"] == {"threads": 1, "context": 128}
        prompt = list(range(40, 60))
        cold = worker.call("generate", prompt=prompt, **request)
        again = worker.call("generate", prompt=prompt, **request)
        assert cold["text"] == again["text"]
        assert again["cached_tokens"] > cold["cached_tokens"] == 0
        guided = {**request, "grammar": 'start: "SELECT" " count"'}
        assert worker.call("generate", prompt=prompt, **guided)["text"] == "SELECT count"


class ScriptedWorker:
    """Answers with queries in order."""

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.requests: list[dict[str, Any]] = []

    def call(self, op: str, **fields: Any) -> dict[str, Any]:
        self.requests.append(fields)
        text = self.replies.pop(0)
        return {"text": text, "tokens": 5, "cached_tokens": 2, "ttft_s": 0.1, "total_s": 0.2, "cpu_s": 0.3}


@pytest.mark.parametrize("guided", [True, False])
def test_a_question_is_asked_through_the_loop(tiny: Path, guided: bool) -> None:
    frame = pd.DataFrame({"n": [1, 2, 3]})
    worker = ScriptedWorker("SELECT count(m) FROM t\n```\n", "SELECT count(*) FROM t")
    tokenizer, template = Tokenizer.from_directory(tiny), ChatTemplate.from_directory(tiny)
    model = PeerModel(worker, tokenizer, template, 4096, guided=guided)  # type: ignore[arg-type]
    with FrameDatabase({"t": frame}) as database:
        task = Task(Question("rows", "How many?", lambda f: 3), "How many?", 3, database, "schema", "grammar")
        outcome = ask(model, task)
    assert outcome["right"]
    assert (outcome["attempts"], outcome["output_tokens"], outcome["cached_tokens"]) == (2, 10, 4)
    assert outcome["sql"] == "SELECT count(*) FROM t"
    assert [request["grammar"] for request in worker.requests] == ["grammar" if guided else None] * 2
    assert worker.requests[0]["stop"] == ["\n```"]


def test_a_model_that_only_fails_is_wrong_not_fatal(tiny: Path) -> None:
    worker = ScriptedWorker(*["SELECT nothing FROM nowhere"] * 7)
    tokenizer, template = Tokenizer.from_directory(tiny), ChatTemplate.from_directory(tiny)
    model = PeerModel(worker, tokenizer, template, 4096, guided=True)  # type: ignore[arg-type]
    with FrameDatabase({"t": pd.DataFrame({"n": [1]})}) as database:
        task = Task(Question("rows", "How many?", lambda f: 1), "How many?", 1, database, "schema", "grammar")
        outcome = ask(model, task)
    assert not outcome["right"]
    assert outcome["error"].startswith("AgentError")


def test_genai_runs_what_our_first_row_runs() -> None:
    made = chosen(["mixed", "int8"], ["genai", "genai-ngram", "llamacpp"])
    assert [(peer.key, peer.artifact) for peer in made] == [
        ("ours-mixed", "mixed"),
        ("ours-int8", "int8"),
        ("genai", "mixed-last"),
        ("genai-ngram", "mixed"),
        ("llamacpp", "gguf"),
    ]


def test_an_unknown_peer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SystemExit, match=r"unknown peer lamacpp: choose from llamacpp,"):
        chosen(["int8"], ["lamacpp"])
