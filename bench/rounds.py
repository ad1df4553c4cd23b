"""Rounds of measurements. In each, every peer starts afresh and all take turns, one measurement at a time.

A round gives each peer one sample per metric. Ratios are formed within a round, so that what slows the
machine down for a while slows both sides of a ratio down.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.agent_workload import PeerModel, Task, ask, first_prompts
from bench.artifacts import Artifacts
from bench.environments import ROOT
from bench.peers import Peer
from bench.prompts import prose_prompt
from bench.worker import Worker, WorkerError
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.model.tokenizer import Tokenizer

__all__ = ["AGENT_CONTEXT", "Plan", "Record", "Rounds"]

AGENT_CONTEXT = 4096
_GREEDY: dict[str, Any] = {"temperature": 0.0, "seed": 0, "grammar": None, "stop": []}
# After its first answer an engine gets the time that a user takes to read, for what it leaves until then.
_READING_S = 1.0
# Prefill time grows a little faster than length; a guess that decides only whether a length is tried.
_GROWTH = 1.15


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    Attributes:
        lengths: prompt lengths, ascending.
        decode: tokens decoded after each.
        repeat: rounds.
        limit_s: longest single measurement; a peer that would take longer is cut, and the table says so.
        threads: of every engine.
    """

    lengths: tuple[int, ...]
    decode: int
    repeat: int
    limit_s: float
    threads: int


@dataclass(slots=True)
class Record:
    """What is known about one peer.

    Attributes:
        samples: metric → one value per round; None where there is none.
        notes: what went wrong or was left out, each once.
        agent: per round, what became of each question.
        facts: settings, versions and sizes.
    """

    samples: dict[str, list[float | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    agent: list[list[dict[str, Any]]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, number: int, metric: str, value: float | None) -> None:
        """The sample of round `number`."""
        values = self.samples.setdefault(metric, [])
        values += [None] * (number + 1 - len(values))
        values[number] = value

    def note(self, text: str) -> None:
        """Once, however often it happens."""
        if text not in self.notes:
            self.notes.append(text)


class Rounds:
    """Runs a plan.

    Attributes:
        records: by the peer's key.
    """

    def __init__(
        self, plan: Plan, peers: Sequence[Peer], artifacts: Artifacts, tasks: Sequence[Task]
    ) -> None:
        self._plan, self._peers, self._artifacts, self._tasks = plan, peers, artifacts, tasks
        self.records = {peer.key: Record() for peer in peers}
        directory = artifacts.path("int8")
        self._tokenizer = Tokenizer.from_directory(directory)
        self._template = ChatTemplate.from_directory(directory)
        self._commands = {peer.key: (peer.command(), str(peer.model(artifacts))) for peer in peers}
        self._cut: dict[str, int] = {}

    def run(self) -> None:
        """All rounds; what is known so far is in `records` at any time."""
        for number in range(self._plan.repeat):
            # Nobody always goes first, nor always after the same one.
            shift = number % len(self._peers)
            order = [*self._peers[shift:], *self._peers[:shift]]
            if self._tasks:
                with self._workers(order, AGENT_CONTEXT, number) as workers:
                    self._measure_start(workers, number)
                    self._measure_agent(workers, number)
            if self._plan.lengths:
                context = -(-(max(self._plan.lengths) + self._plan.decode + 64) // 256) * 256
                with self._workers(order, context, number) as workers:
                    self._measure_lengths(workers, number)

    @contextmanager
    def _workers(self, order: Sequence[Peer], context: int, number: int) -> Iterator[dict[str, Worker]]:
        with ExitStack() as stack:
            workers = {}
            for peer in order:
                command, model = self._commands[peer.key]
                log = ROOT / "build" / "bench" / "logs" / f"{peer.key}.log"
                worker = stack.enter_context(Worker(command, log, _environment(self._plan.threads)))
                fields = {
                    "model": model,
                    "tokenizer": str(self._artifacts.path("int8") / "tokenizer.json"),
                    "threads": self._plan.threads,
                    "context": context,
                }
                reply = self._call(peer.key, worker, "load", **fields, **peer.options)
                if reply is None:
                    continue
                workers[peer.key] = worker
                record = self.records[peer.key]
                record.add(number, "load_s", perf_counter() - worker.started)
                record.add(number, "load_call_s", reply["load_call_s"])
                record.facts |= {"settings": reply["settings"], "versions": reply["versions"]}
            yield workers

    def _measure_start(self, workers: dict[str, Worker], number: int) -> None:
        """First token of all, then a cold and a cached one, over the prompts of the first two questions."""
        first, second = first_prompts(self._tasks, self._tokenizer, self._template)
        # Other ids in front make the same text a cold prompt again.
        salts = [self._tokenizer.encode(f"{word} ", special=False) for word in ("one", "two")]
        for name, prompt in (
            ("first", [*salts[0], *first]),
            ("cold", [*salts[1], *first]),
            ("cached", [*salts[1], *second]),
        ):
            for key, worker in workers.items():
                reply = self._call(key, worker, "generate", prompt=prompt, max_tokens=1, **_GREEDY)
                if reply is None:
                    continue
                record = self.records[key]
                if name == "first":
                    load = record.samples["load_s"][number]
                    record.add(number, "first_token_s", (load or 0.0) + reply["ttft_s"])
                    self._call(key, worker, "idle", seconds=_READING_S)
                else:
                    record.add(number, f"ttft_{name}_s", reply["ttft_s"])
                record.facts[f"{name}_prompt"] = [len(prompt), reply["cached_tokens"]]

    def _measure_agent(self, workers: dict[str, Worker], number: int) -> None:
        models = {}
        for key, worker in workers.items():
            peer = next(peer for peer in self._peers if peer.key == key)
            # What an engine does once for grammars is no part of the questions: a figure of its own.
            self.records[key].add(number, "grammar_s", self._make_ready(peer, worker))
            models[key] = PeerModel(
                worker, self._tokenizer, self._template, AGENT_CONTEXT, guided=bool(peer.guided)
            )
        outcomes: dict[str, list[dict[str, Any]]] = {key: [] for key in models}
        for task in self._tasks:
            for key, model in models.items():
                outcomes[key].append(ask(model, task))
            _say(f"round {number + 1}, {task.question.key}: " + _seconds(outcomes))
        for key, answers in outcomes.items():
            self._keep_agent(key, workers[key], number, answers)

    def _make_ready(self, peer: Peer, worker: Worker) -> float | None:
        """Seconds of a first answer of two tokens, with a grammar where the peer has them."""
        options = {**_GREEDY, "grammar": '%llguidance {}\nstart: "a" "b"' if peer.guided else None}
        reply = self._call(peer.key, worker, "generate", prompt=[9707, 11], max_tokens=2, **options)
        self._call(peer.key, worker, "idle", seconds=_READING_S)
        return reply["total_s"] if reply else None

    def _keep_agent(self, key: str, worker: Worker, number: int, answers: list[dict[str, Any]]) -> None:
        record = self.records[key]
        record.agent.append(answers)
        right, seconds = sum(a["right"] for a in answers), sum(a["seconds"] for a in answers)
        record.add(number, "agent_s", seconds)
        record.add(number, "agent_right", right)
        record.add(number, "agent_s_per_right", seconds / right if right else None)
        record.add(number, "agent_cpu_s", sum(a["cpu_s"] for a in answers))
        held = max(answer["kv_bytes"] for answer in answers)
        if held:
            record.facts["agent_kv_bytes"] = max(held, record.facts.get("agent_kv_bytes", 0))
        state = self._call(key, worker, "reset_peak")
        if state:
            record.add(number, "agent_peak_bytes", state["peak_bytes"])
            record.facts["agent_anonymous_bytes"] = state.get("anonymous_bytes")

    def _measure_lengths(self, workers: dict[str, Worker], number: int) -> None:
        for peer in self._peers:
            if peer.key in workers:
                # Else tables for grammars, begun after loading, would count as part of the first prompt.
                self._make_ready(peer, workers[peer.key])
        for length in self._plan.lengths:
            for key, worker in workers.items():
                if length > self._cut.get(key, length):
                    continue
                # A different stretch of text in each round: never in anyone's cache.
                prompt = prose_prompt(self._tokenizer, length, 20_011 * (number + 1) + 7 * length)
                self._call(key, worker, "reset_peak")
                reply = self._call(
                    key, worker, "generate", prompt=prompt, max_tokens=self._plan.decode + 1, **_GREEDY
                )
                if reply is not None:
                    self._keep_length(key, number, length, reply)
            _say(f"round {number + 1}, {length} tokens: " + self._rates(workers, length))

    def _keep_length(self, key: str, number: int, length: int, reply: dict[str, Any]) -> None:
        record = self.records[key]
        record.add(number, f"prefill_tok_s@{length}", length / reply["ttft_s"])
        decoded = reply["decoded_tokens"]
        rate = decoded / reply["decode_s"] if decoded >= min(8, self._plan.decode) else None
        record.add(number, f"decode_tok_s@{length}", rate)
        record.add(number, f"peak_bytes@{length}", reply["peak_bytes"])
        record.add(number, f"cpu_s@{length}", reply["cpu_s"])
        longer = next((other for other in self._plan.lengths if other > length), None)
        if longer is not None and key not in self._cut:
            expected = reply["total_s"] * (longer / length) ** _GROWTH
            if expected > self._plan.limit_s:
                self._cut[key] = length
                record.note(
                    f"cut at {length:,} tokens: {longer:,} would take about {expected:.0f} s a prompt"
                )

    def _call(self, key: str, worker: Worker, op: str, **fields: Any) -> dict[str, Any] | None:
        try:
            return worker.call(op, **fields)
        except WorkerError as exc:
            self.records[key].note(f"{op} failed: {exc}")
            _say(f"{key}: {op} failed: {exc}")
            return None

    def _rates(self, workers: dict[str, Worker], length: int) -> str:
        texts = []
        for key in workers:
            samples = self.records[key].samples
            prefill = (samples.get(f"prefill_tok_s@{length}") or [None])[-1]
            decode = (samples.get(f"decode_tok_s@{length}") or [None])[-1]
            if prefill is not None:
                texts.append(f"{key} {prefill:.0f} in, {decode or 0:.1f} out")
        return "; ".join(texts)


def _environment(threads: int) -> dict[str, str]:
    return {
        "OMP_NUM_THREADS": str(threads),
        "ORT_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONPATH": str(Path(ROOT)),
    }


def _seconds(outcomes: dict[str, list[dict[str, Any]]]) -> str:
    return "; ".join(
        f"{key} {answers[-1]['seconds']:.2f} s{'' if answers[-1]['right'] else ' WRONG'}"
        for key, answers in outcomes.items()
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
