"""Which execution provider runs the model, and one readable sentence saying why.

Asking ONNX Runtime for CUDA where there is none prints two coloured errors and silently runs on the CPU. So
the driver, a device and the CUDA libraries are looked for first, and CUDA is requested only if all are there.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from qwen_magics.engine.runtime import load_runtime
from qwen_magics.errors import ProviderError

__all__ = ["CudaDevice", "Provider", "ProviderChoice", "choose_provider", "find_cuda_device"]

Provider = Literal["auto", "cpu", "cuda"]

# What libonnxruntime_providers_cuda.so links against. cuDNN is looked for when it is needed; our graphs need
# none (`model.attention`, `engine.device_graphs`).
_CUDA_LIBRARIES = ("libcudart.so.{0}", "libcublasLt.so.{0}", "libcublas.so.{0}", "libcurand.so.10")
_NO_DEVICE = 100
_NO_GPU = "the NVIDIA driver shows no GPU"


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """The provider that runs the model.

    Attributes:
        name: `cpu` or `cuda`.
        reason: one sentence for people, shown by `%qwen doctor`.
        memory: bytes of the GPU; 0 on the CPU.
    """

    name: Literal["cpu", "cuda"]
    reason: str
    memory: int = 0


@dataclass(frozen=True, slots=True)
class CudaDevice:
    """The first visible GPU.

    Attributes:
        driver: the newest CUDA version that the driver runs, as (major, minor).
        memory: bytes in all.
    """

    name: str
    driver: tuple[int, int]
    memory: int = 0


def choose_provider(
    requested: Provider = "auto",
    *,
    find_device: Callable[[], CudaDevice | str] | None = None,
    load_library: Callable[[str], object] = ctypes.CDLL,
) -> ProviderChoice:
    """Choose where to run. Prints nothing.

    Args:
        requested: `auto` takes CUDA when it is usable; `cpu` and `cuda` insist.
        find_device: finds the GPU, or says in a clause why there is none (replaced in tests).
        load_library: loads a shared library by name or raises OSError (replaced in tests).

    Raises:
        ProviderError: `cuda` was asked for and is not usable; the message says what is missing.
    """
    if requested == "cpu":
        return ProviderChoice("cpu", "CPU, because it was asked for.")
    device = _usable_device(find_device or find_cuda_device, load_library)
    if isinstance(device, CudaDevice):
        return ProviderChoice("cuda", f"CUDA on {device.name}.", device.memory)
    if requested == "cuda":
        msg = f"CUDA was asked for, but {device}. Use provider 'auto' or 'cpu', or repair that."
        raise ProviderError(msg)
    return ProviderChoice("cpu", f"CPU, because {device}.")


def find_cuda_device() -> CudaDevice | str:
    """The first GPU that the NVIDIA driver shows to this process, or a clause saying why there is none."""
    try:
        driver = ctypes.CDLL("libcuda.so.1" if sys.platform != "win32" else "nvcuda.dll")
    except OSError:
        return "this machine has no NVIDIA driver (libcuda.so.1)"
    code = driver.cuInit(0)
    if code:
        return _NO_GPU if code == _NO_DEVICE else f"the NVIDIA driver fails (error {code})"
    count, version, device = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    if driver.cuDeviceGetCount(ctypes.byref(count)) or count.value == 0:
        return _NO_GPU
    name, memory = ctypes.create_string_buffer(128), ctypes.c_size_t()
    driver.cuDeviceGet(ctypes.byref(device), 0)
    driver.cuDeviceGetName(name, len(name), device)
    driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    driver.cuDriverGetVersion(ctypes.byref(version))
    newest = version.value // 1000, version.value % 1000 // 10
    return CudaDevice(name.value.decode(errors="replace"), newest, memory.value)


def _usable_device(
    find_device: Callable[[], CudaDevice | str], load_library: Callable[[str], object]
) -> CudaDevice | str:
    """The device that CUDA is usable on, or a clause that says what is missing."""
    if sys.platform == "darwin":
        return "macOS has no CUDA"
    device = find_device()
    if isinstance(device, str):
        return device
    runtime = load_runtime()
    if "CUDAExecutionProvider" not in runtime.get_available_providers():
        return (
            f"the installed onnxruntime {runtime.__version__} is the CPU build ({device.name} stays unused; "
            "`pip uninstall onnxruntime`, then `pip install 'qwen-magics[cuda]'`)"
        )
    major = _cuda_major()
    if device.driver[0] < major:
        return (
            f"onnxruntime {runtime.__version__} needs CUDA {major} and the driver of {device.name} "
            f"supports {device.driver[0]}.{device.driver[1]}; update the NVIDIA driver"
        )
    missing = _missing_libraries(major, load_library)
    if missing:
        return (
            f"{', '.join(missing)} cannot be loaded ({device.name} stays unused; "
            "`pip install 'qwen-magics[cuda]'` brings the CUDA libraries)"
        )
    return device


def _cuda_major() -> int:
    """CUDA major version that the installed onnxruntime was built for."""
    from onnxruntime.capi import build_and_package_info

    version = str(getattr(build_and_package_info, "cuda_version", ""))
    found = re.match(r"\d+", version)
    return int(found.group()) if found else 12


def _missing_libraries(major: int, load_library: Callable[[str], object]) -> list[str]:
    runtime = load_runtime()
    # It finds the libraries of the nvidia-* wheels, which no loader path names, but prints what it lacks.
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.suppress(OSError, RuntimeError, AttributeError),
    ):
        runtime.preload_dlls()  # cuDNN too, where it is installed: attention is quicker with it
    missing = []
    for template in _CUDA_LIBRARIES if sys.platform != "win32" else ():
        name = template.format(major)
        try:
            load_library(name)
        except OSError:
            missing.append(name)
    return missing
