"""Opens the ONNX Runtime session of a model directory, and turns its failures into errors with a fix."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from qwen_magics.engine.directory import ModelDirectory, damaged
from qwen_magics.engine.provider import ProviderChoice
from qwen_magics.engine.runtime import SILENT, load_runtime, runtime_errors
from qwen_magics.errors import EngineError, ProviderError, UnsupportedModelError

__all__ = ["lays_out", "open_session", "providers_of", "session_options"]

# Entries that a version does not know are ignored by it, so older releases need no special case.
_CONFIG = {
    # Workers wait for the next operator by spinning, which decoding needs: operators are 20 to 200 µs long.
    "session.intra_op.allow_spinning": "1",
    # (Without, a step of the 0.5B took a quarter longer: 36 against 29 ms.) But they stop as soon as a run
    # ends, so that an idle notebook kernel burns no CPU.
    "session.force_spinning_stop": "1",
}
# CUDA's other product of float16 with 8-bit weights, which lays them out anew while the session opens.
_LAID_OUT = {
    "ep.cuda.fpa_intb_gemm": "1",
    # For so many rows it tries its variants out then: those of decoding. The usual twelve numbers take ten
    # seconds (1.5B on an H200), these two; others are tried when they come.
    "ep.cuda.fpa_intb_profile_m": "1,2,4,16",
}
_ROOM_TO_LAY_OUT = 4


def session_options(threads: int, entries: Mapping[str, str] = MappingProxyType({})) -> Any:
    """`SessionOptions` for one sequence at a time on `threads` threads, with further configuration."""
    runtime = load_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = SILENT
    for key, value in {**_CONFIG, **entries}.items():
        options.add_session_config_entry(key, value)
    return options


def providers_of(name: str, *, recorded: bool = False) -> list[Any]:
    """Execution providers for `cpu` or `cuda`; `recorded` lets CUDA record and replay runs of fixed shape."""
    if name == "cpu":
        return ["CPUExecutionProvider"]
    options = {
        # Growing by powers of two would double the memory of a model that just fits.
        "arena_extend_strategy": "kSameAsRequested",
        "enable_cuda_graph": "1" if recorded else "0",
    }
    return [("CUDAExecutionProvider", options), "CPUExecutionProvider"]


def lays_out(directory: ModelDirectory, provider: ProviderChoice) -> bool:
    """Whether CUDA is to lay out the weights anew.

    Measured on an H200 (docs/engine.md): with 8 bit a step is a tenth to a fifth quicker, and up to as much
    memory as the weights take is not given back; with 4 bit everything is slower.
    """
    roomy = provider.memory >= _ROOM_TO_LAY_OUT * directory.weight_bytes
    return provider.name == "cuda" and roomy and directory.quantisation == "int8-fp16"


def open_session(
    directory: ModelDirectory, provider: ProviderChoice, threads: int, *, recorded: bool = False
) -> Any:
    """Load the graph and its weights.

    Raises:
        DamagedModelError: the files are not a loadable graph.
        UnsupportedModelError: an operator or the format is unknown here.
        ProviderError: CUDA was chosen and the session refused it.
        EngineError: not enough memory.
    """
    runtime = load_runtime()
    options = session_options(threads, _LAID_OUT if lays_out(directory, provider) else {})
    # Planning a block of memory per shape keeps one for each; on a CPU 12 MB, and no run is quicker for it.
    options.enable_mem_pattern = provider.name != "cpu"
    try:
        session = runtime.InferenceSession(
            str(directory.graph),
            options,
            providers=providers_of(provider.name, recorded=recorded),
        )
    except runtime_errors() as exc:
        if provider.name == "cuda" and "cuda" in str(exc).lower():
            msg = f"ONNX Runtime says {' '.join(str(exc).split())}. Use provider 'cpu', or repair that."
            raise ProviderError(msg) from exc
        raise _load_error(directory, exc) from exc
    if provider.name == "cuda" and "CUDAExecutionProvider" not in session.get_providers():
        msg = "ONNX Runtime could not start CUDA although driver and libraries are there. Use provider 'cpu'."
        raise ProviderError(msg)
    return session


def _load_error(directory: ModelDirectory, exc: Exception) -> Exception:
    kind, text = type(exc).__name__, " ".join(str(exc).split())
    if (
        kind == "NotImplemented"
        or "is not a registered function/op" in text
        or "Unsupported model IR" in text
    ):
        version = load_runtime().__version__
        return UnsupportedModelError(
            f"onnxruntime {version} cannot run the graph in {directory.path}: {text}. "
            "Upgrade it with `pip install -U onnxruntime-gpu` (or `onnxruntime`), or build the model again."
        )
    if "bad_alloc" in text or "allocate memory" in text or "Out of memory" in text:
        return EngineError(
            f"Not enough memory to load {directory.path}. Close other kernels or take a smaller model "
            "(`%qwen models` lists what each needs)."
        )
    return damaged(directory.path, f"ONNX Runtime says {text}")
