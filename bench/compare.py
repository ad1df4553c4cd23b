"""Ours beside its peers: the same weights, prompts, grammar, threads; interleaved in one run.

    python -m bench.compare [--model qwen2.5-coder-0.5b] [--ours int8 mixed] [--peers llamacpp …]
                            [--lengths 128 1024 4096] [--repeat 3] [--quick]

Writes NAME.json, NAME.md, NAME.svg and NAME.png to --out (build/bench/results). docs/benchmarks.md says how
to read them and what they do not say. The first run makes an environment per peer under .venvs/ and the model
files under build/bench/, which takes minutes; --prepare does only that.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bench.agent_workload import tasks
from bench.artifacts import Artifacts, file_bytes, kv_value_bytes
from bench.environments import PLOT, ROOT, python_of
from bench.machine import describe_machine, load_average
from bench.peers import PEERS, Peer, chosen
from bench.rounds import AGENT_CONTEXT, Plan, Rounds
from bench.table import markdown
from qwen_magics.engine.threads import available_threads

__all__ = ["main"]

_LENGTHS, _QUICK_LENGTHS = (128, 1024, 4096, 16384), (128, 1024)


def main() -> None:
    """See the module's docstring."""
    # Stopped processes would outlive us otherwise: an exception closes them, and keeps what is measured.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    flags = _flags()
    plan = Plan(
        lengths=tuple(sorted(flags.lengths)),
        decode=flags.decode,
        repeat=flags.repeat,
        limit_s=flags.limit,
        threads=flags.threads or available_threads(),
    )
    artifacts = Artifacts(flags.model)
    peers = chosen(flags.ours, flags.peers)
    if flags.prepare:
        for peer in peers:
            print(peer.title, *peer.command(), peer.model(artifacts))
        python_of(PLOT)
        return
    before = load_average()
    with tasks(flags.questions, flags.count if flags.questions else 0) as asked:
        rounds = Rounds(plan, peers, artifacts, asked)
        started = datetime.now(timezone.utc)
        try:
            rounds.run()
        finally:
            result = _result(flags, plan, peers, artifacts, rounds)
            result |= {"started_at": started.isoformat(timespec="seconds")}
            result["machine"] |= {"load_average": [before, load_average()]}
            _write(result, flags.out, flags.name or f"{flags.model}-{started:%Y%m%d-%H%M%S}")


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen2.5-coder-0.5b")
    parser.add_argument("--ours", nargs="+", default=["int8"], metavar="QUANTISATION")
    usual = [peer.key for peer in PEERS if not peer.on_request]
    every = ", ".join(peer.key for peer in PEERS)
    parser.add_argument("--peers", nargs="*", default=usual, metavar="PEER", help=every)
    parser.add_argument("--lengths", nargs="*", type=int, help="prompt lengths in tokens; none: skip these")
    parser.add_argument("--decode", type=int, default=32, help="tokens decoded after each prompt")
    parser.add_argument("--repeat", type=int, help="rounds (3)")
    parser.add_argument("--limit", type=float, default=300.0, help="longest single measurement, seconds")
    parser.add_argument("--threads", type=int, help="of every engine; all cores that we may use")
    parser.add_argument("--questions", nargs="*", default=["quickstart"], help="sets; none: skip these")
    parser.add_argument("--count", type=int, default=12, help="questions of each set")
    parser.add_argument("--quick", action="store_true", help="two rounds, prompts of 128 and 1,024 tokens")
    parser.add_argument("--prepare", action="store_true", help="make what the run needs, and run nothing")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "results")
    parser.add_argument("--name", help="of the files written; the model and the time by default")
    flags = parser.parse_args()
    if flags.lengths is None:
        flags.lengths = _QUICK_LENGTHS if flags.quick else _LENGTHS
    flags.repeat = flags.repeat or (2 if flags.quick else 3)
    return flags


def _result(
    flags: argparse.Namespace, plan: Plan, peers: list[Peer], artifacts: Artifacts, rounds: Rounds
) -> dict[str, Any]:
    described = {}
    for peer in peers:
        record = rounds.records[peer.key]
        described[peer.key] = {
            "title": peer.title,
            "guided": peer.guided,
            "file_bytes": file_bytes(peer.model(artifacts)),
            "kv_bytes_per_token": artifacts.kv_bytes_per_token(
                peer.kv_value_bytes or kv_value_bytes(peer.model(artifacts))
            ),
            **record.facts,
            "notes": record.notes,
            "samples": record.samples,
            "agent": record.agent,
        }
    return {
        "schema": 1,
        "model": flags.model,
        "gguf": artifacts.gguf.name,
        "questions": {"sets": flags.questions, "count": flags.count},
        "agent_context": AGENT_CONTEXT,
        "lengths": list(plan.lengths),
        "decode": plan.decode,
        "repeat": plan.repeat,
        "threads": plan.threads,
        "machine": describe_machine(),
        "peers": described,
    }


def _write(result: dict[str, Any], folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(_compact(result), encoding="utf-8")
    (folder / f"{name}.md").write_text(markdown(result), encoding="utf-8")
    subprocess.run([python_of(PLOT), ROOT / "bench" / "plot.py", path], check=True)
    print(markdown(result))
    print(f"Written: {path}, with .md, .svg and .png beside it")


def _compact(result: dict[str, Any]) -> str:
    """JSON with a line per list of numbers: readable, and small enough to keep."""
    text = json.dumps(result, indent=1, ensure_ascii=False)
    joined = re.sub(r"\[[^\[\]{}\"]*\]", lambda found: " ".join(found[0].split()), text)
    return joined.replace("[ ", "[").replace(" ]", "]") + "\n"


if __name__ == "__main__":
    main()
