"""Large pages: only what loading added, and nothing that it holds changes."""

from __future__ import annotations

import ctypes
import mmap
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.engine.pages import Range, anonymous_memory, collapse, difference

MEGABYTE = 1 << 20


@st.composite
def ranges(draw: st.DrawFn) -> list[Range]:
    edges = sorted(draw(st.sets(st.integers(0, 60), max_size=12)))
    return list(zip(edges[::2], edges[1::2], strict=False))


def covered(of: list[Range]) -> set[int]:
    return {place for start, end in of for place in range(start, end)}


@given(after=ranges(), before=ranges())
def test_the_difference_is_that_of_sets(after: list[Range], before: list[Range]) -> None:
    left = difference(after, before)
    assert covered(left) == covered(after) - covered(before)
    assert all(start < end for start, end in left)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_memory_that_came_later_is_found_and_keeps_its_content() -> None:
    before = anonymous_memory()
    # Fixed content over eight large pages; private like the heap.
    block = mmap.mmap(-1, 16 * MEGABYTE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    content = bytes(range(256)) * (16 * MEGABYTE // 256)
    block.write(content)
    added = difference(anonymous_memory(), before)
    assert max(end - start for start, end in added) >= 16 * MEGABYTE
    collapse(added)  # kernels before 6.1 refuse, which is no error
    assert block[:] == content
    block.close()


@pytest.mark.skipif(sys.platform != "linux", reason="mincore(2) of anonymous memory is Linux's")
def test_free_memory_stays_free() -> None:
    block = mmap.mmap(-1, 16 * MEGABYTE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    block.write(b"x" * 4 * MEGABYTE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(block))
    # Up to three large pages that the system itself may have made.
    assert collapse([(address, address + 16 * MEGABYTE)]) <= 6 * MEGABYTE
    pages = (ctypes.c_ubyte * (16 * MEGABYTE // mmap.PAGESIZE))()
    assert ctypes.CDLL(None).mincore(ctypes.c_void_p(address), ctypes.c_size_t(len(block)), pages) == 0
    assert sum(page & 1 for page in pages) * mmap.PAGESIZE <= 6 * MEGABYTE


def test_a_refusal_is_no_error() -> None:
    assert collapse([(0, 1), (10, 20)]) == 0  # no whole large page
    assert collapse([(0, 4 * MEGABYTE)]) == 0  # nothing is mapped there
