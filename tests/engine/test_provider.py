"""The choice between CUDA and the CPU, and the sentence about it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qwen_magics.engine import engine as engine_module
from qwen_magics.engine import provider as module
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.provider import CudaDevice, ProviderChoice, choose_provider
from qwen_magics.engine.session import lays_out
from qwen_magics.errors import ProviderError
from tests.tiny import build_tiny

H200 = CudaDevice("NVIDIA H200", (13, 1), 150 << 30)


class Runtime:
    """As much of onnxruntime as the choice asks for."""

    __version__ = "9.9"

    def __init__(self, *providers: str) -> None:
        self._providers = [*providers, "CPUExecutionProvider"]

    def get_available_providers(self) -> list[str]:
        return self._providers

    def preload_dlls(self, **options: bool) -> None:
        print("Failed to load libsomething")


@pytest.fixture
def gpu_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "load_runtime", lambda: Runtime("CUDAExecutionProvider"))
    monkeypatch.setattr(module, "_cuda_major", lambda: 13)
    monkeypatch.setattr(sys, "platform", "linux")


def present(name: str) -> object:
    return object()


def absent(name: str) -> object:
    raise OSError(name)


def test_cpu_on_request() -> None:
    assert choose_provider("cpu").name == "cpu"


def test_cuda_when_everything_is_there(gpu_build: None, capsys: pytest.CaptureFixture[str]) -> None:
    choice = choose_provider(find_device=lambda: H200, load_library=present)
    assert (choice.name, choice.reason) == ("cuda", "CUDA on NVIDIA H200.")
    assert capsys.readouterr() == ("", "")


def test_no_driver(gpu_build: None) -> None:
    choice = choose_provider(find_device=lambda: "this machine has no NVIDIA driver (libcuda.so.1)")
    assert choice.name == "cpu"
    assert choice.reason == "CPU, because this machine has no NVIDIA driver (libcuda.so.1)."


def test_missing_libraries_are_named(gpu_build: None) -> None:
    choice = choose_provider(find_device=lambda: H200, load_library=absent)
    assert choice.name == "cpu"
    assert "libcublas.so.13" in choice.reason
    assert "qwen-magics[cuda]" in choice.reason


def test_an_old_driver_is_named(gpu_build: None) -> None:
    old = CudaDevice("NVIDIA T4", (12, 4), 16 << 30)
    choice = choose_provider(find_device=lambda: old, load_library=present)
    assert choice.name == "cpu"
    assert "needs CUDA 13 and the driver of NVIDIA T4 supports 12.4" in choice.reason


def test_the_cpu_build_is_named(gpu_build: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "load_runtime", lambda: Runtime())
    choice = choose_provider(find_device=lambda: H200, load_library=present)
    assert choice.name == "cpu"
    assert "CPU build" in choice.reason


def test_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert choose_provider().reason == "CPU, because macOS has no CUDA."


def test_insisting_on_cuda_is_an_error_with_the_reason(gpu_build: None) -> None:
    with pytest.raises(ProviderError, match="no NVIDIA driver"):
        choose_provider("cuda", find_device=lambda: "there is no NVIDIA driver")


def test_cuda_that_fails_to_start_falls_back(monkeypatch: pytest.MonkeyPatch, tiny_fp32: Path) -> None:
    real = engine_module.open_session

    def no_cuda(model: Any, choice: ProviderChoice, threads: int, **options: Any) -> Any:
        if choice.name == "cuda":
            msg = "CUDA error 999."
            raise ProviderError(msg)
        return real(model, choice, threads, **options)

    monkeypatch.setattr(engine_module, "choose_provider", lambda _: ProviderChoice("cuda", "CUDA on X."))
    monkeypatch.setattr(engine_module, "open_session", no_cuda)
    engine = Engine(tiny_fp32)
    assert engine.provider == ProviderChoice("cpu", "CPU, because CUDA failed to start: CUDA error 999.")
    engine.close()
    with pytest.raises(ProviderError, match="999"):
        Engine(tiny_fp32, provider="cuda")


@pytest.fixture
def pretended_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    """The CPU's sessions under CUDA's name."""
    real = engine_module.open_session

    def opened(model: Any, choice: ProviderChoice, threads: int, **options: Any) -> Any:
        return real(model, ProviderChoice("cpu", ""), threads)

    monkeypatch.setattr(engine_module, "choose_provider", lambda _: ProviderChoice("cuda", "CUDA on X."))
    monkeypatch.setattr(engine_module, "open_session", opened)


def test_a_build_in_float32_stays_on_the_cpu(pretended_cuda: None, tiny_fp32: Path) -> None:
    engine = Engine(tiny_fp32)
    assert engine.provider.name == "cpu"
    assert "CUDA's attention takes float16. Build it again with" in engine.provider.reason
    engine.close()
    with pytest.raises(ProviderError, match="--quantisation int8-fp16"):
        Engine(tiny_fp32, provider="cuda")


def test_a_build_in_float16_goes_to_cuda(
    pretended_cuda: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = []
    monkeypatch.setattr(engine_module, "Device", lambda name, *rest: placed.append(name))
    engine = Engine(build_tiny(tmp_path / "m", quantisation="int8-fp16"))
    assert (engine.provider.name, placed) == ("cuda", ["cuda"])
    engine.close()


def test_a_real_choice_prints_nothing() -> None:
    code = "from qwen_magics.engine.provider import choose_provider; print(choose_provider().reason)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.startswith(("CPU, because ", "CUDA on "))
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("quantisation", "name", "room", "expected"),
    [
        ("int8-fp16", "cuda", 4, True),
        ("int8-fp16", "cuda", 3, False),
        ("int4-fp16", "cuda", 9, False),
        ("int8-fp16", "cpu", 9, False),
    ],
)
def test_weights_are_laid_out_anew_where_that_pays(
    tmp_path: Path, quantisation: str, name: Any, room: int, expected: bool
) -> None:
    directory = ModelDirectory.read(build_tiny(tmp_path / "m", quantisation=quantisation))
    choice = ProviderChoice(name, "", room * directory.weight_bytes)
    assert lays_out(directory, choice) is expected
