"""Writes a graph's weights next to it, tensor after tensor, so that no model has to fit into memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx_ir as ir

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from numpy.typing import NDArray

__all__ = ["ExternalData", "Region"]

# A page: what a memory map of one tensor may begin at.
_ALIGNMENT = 4096


class Region:
    """Bytes of the data file that several initializers may share under different shapes."""

    def __init__(self, location: str, base: Path, offset: int, length: int) -> None:
        self.location, self.base, self.offset, self.length = location, base, offset, length

    def tensor(self, name: str, dtype: ir.DataType, shape: tuple[int, ...]) -> ir.Value:
        """An initializer of these bytes."""
        tensor = ir.ExternalTensor(
            self.location,
            self.offset,
            self.length,
            dtype,
            shape=ir.Shape(shape),
            name=name,
            base_dir=self.base,
        )
        return ir.Value(name=name, shape=ir.Shape(shape), type=ir.TensorType(dtype), const_value=tensor)


class ExternalData:
    """The open `model.onnx.data` of a directory that is being built."""

    def __init__(self, folder: Path, name: str = "model.onnx.data") -> None:
        self._folder, self._name = folder, name
        self._file = (folder / name).open("wb")

    def __enter__(self) -> ExternalData:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, parts: Iterable[NDArray[np.generic]]) -> Region:
        """Appends arrays as one region, aligned to a page."""
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        start = self._file.tell()
        for part in parts:
            self._file.write(np.ascontiguousarray(part).data)
        return Region(self._name, self._folder, start, self._file.tell() - start)
