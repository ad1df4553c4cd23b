"""Who is compared: environment, worker, model file and settings of each peer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.artifacts import EXPORTED, LAST, Artifacts
from bench.environments import WORKERS, Environment, python_of

__all__ = ["PEERS", "Peer", "chosen", "ours"]

_LLAMACPP = Environment("llamacpp", ("xllamacpp==2026.10.11549",))
# Has no wheel: pip compiles it for the CPU at hand, which takes a C++ compiler and ten minutes.
_LLAMACPP_NATIVE = Environment("llamacpp-native", ("llama-cpp-python==0.3.36", "llguidance==1.9.1"))
_GENAI = Environment("genai", ("onnxruntime-genai==0.18.0", "onnxruntime==1.32.0", "tokenizers==0.23.3"))
_TRANSFORMERS = Environment(
    "transformers",
    ("torch==2.13.0", "transformers==5.24.0", "gguf==0.19.0", "accelerate==1.15.0", "llguidance==1.9.1"),
)
# `optimum-onnx` 0.1 needs transformers before 4.58.
_OPTIMUM = Environment(
    "optimum",
    (
        "torch==2.13.0",
        "optimum-onnx==0.1.0",
        "onnxruntime==1.32.0",
        "transformers==4.57.6",
        "gguf==0.19.0",
        "accelerate==1.15.0",
        "llguidance==1.9.1",
    ),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """One row of the tables.

    Attributes:
        key: its name in `--peers` and in the results.
        title: its name in the tables.
        environment: what its worker runs in.
        script: the worker, in `bench/workers/`.
        artifact: which model files it loads, see `artifacts`; `ours` is the first row's quantisation.
        options: sent with `load`.
        kv_value_bytes: of a number in its KV cache; None: as the graph in its model directory says.
        on_request: takes part only where it is named.
        guided: how it takes the grammar, for the tables; empty if it cannot.
    """

    key: str
    title: str
    environment: Environment
    script: str
    artifact: str
    options: Mapping[str, Any] = field(default_factory=dict)
    kv_value_bytes: int | None = None
    on_request: bool = False
    guided: str = "llguidance"

    def command(self) -> list[str]:
        """Makes the environment if needed."""
        return [python_of(self.environment), str(WORKERS / self.script)]

    def model(self, artifacts: Artifacts) -> Path:
        """Makes the model files if needed, in the environment of the one that exports."""
        if self.artifact in EXPORTED:
            return artifacts.exported(self.artifact, python_of(_OPTIMUM))
        return artifacts.path(self.artifact)


def ours(quantisation: str) -> Peer:
    """This project's engine over one quantisation."""
    return Peer(
        f"ours-{quantisation}",
        f"qwen-magics {quantisation}",
        Environment("ours"),
        "run_ours.py",
        quantisation,
    )


PEERS = (
    Peer(
        "llamacpp",
        "llama.cpp",
        _LLAMACPP,
        "run_llamacpp.py",
        "gguf",
        kv_value_bytes=2,
        guided="llguidance, its own build",
    ),
    Peer(
        "llamacpp-ngram",
        "llama.cpp, n-gram",
        _LLAMACPP,
        "run_llamacpp.py",
        "gguf",
        {"ngram": 3, "draft": 4},
        kv_value_bytes=2,
        guided="llguidance, its own build",
    ),
    Peer(
        "llamacpp-native",
        "llama.cpp, compiled here",
        _LLAMACPP_NATIVE,
        "run_llamacpp_python.py",
        "gguf",
        kv_value_bytes=2,
        on_request=True,
    ),
    Peer(
        "genai",
        "onnxruntime-genai",
        _GENAI,
        "run_genai.py",
        f"ours{LAST}",
        guided="llguidance, its own build",
    ),
    # Its speculation needs the logits of every draft, so the whole graph.
    Peer(
        "genai-ngram",
        "onnxruntime-genai, n-gram",
        _GENAI,
        "run_genai.py",
        "ours",
        {"speculative": {"max_draft_tokens": 4, "ngram_size": 3}},
        guided="llguidance, its own build",
    ),
    # In which of the two types PyTorch is faster depends on the length of a run: both are shown.
    Peer(
        "transformers",
        "transformers, bfloat16",
        _TRANSFORMERS,
        "run_transformers.py",
        "safetensors",
        {"dtype": "bfloat16"},
        kv_value_bytes=2,
    ),
    Peer(
        "transformers-fp32",
        "transformers, float32",
        _TRANSFORMERS,
        "run_transformers.py",
        "safetensors",
        {"dtype": "float32"},
        kv_value_bytes=4,
    ),
    Peer("optimum", "optimum", _OPTIMUM, "run_optimum.py", "optimum", kv_value_bytes=4),
)


def chosen(quantisations: Sequence[str], keys: Sequence[str]) -> list[Peer]:
    """Ours first: ratios are against the first one.

    Raises:
        SystemExit: an unknown key.
    """
    known = {peer.key: peer for peer in PEERS}
    unknown = [key for key in keys if key not in known]
    if unknown:
        msg = f"unknown peer {', '.join(unknown)}: choose from {', '.join(known)}"
        raise SystemExit(msg)
    peers = [known[key] for key in keys]
    first = quantisations[0]
    peers = [replace(peer, artifact=peer.artifact.replace("ours", first)) for peer in peers]
    return [*map(ours, quantisations), *peers]
