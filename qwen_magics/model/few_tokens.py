"""Attention of a few tokens: the query heads that share keys become rows of one product.

ONNX Runtime's kernel goes through a group's keys and values once for each of its query heads, and prepares
them anew each time. For a token or two that is nearly all of its work. Here it happens once per group:

    tokens × heads × size   →   (heads per group × tokens) × groups × size

Row g * n + t is head g of each group for token t of n. Its position, for the rotary embedding, is that of
token t, and what it must not attend to is masked. Keys and values are repeated with the rows: the first n
land where they belong, the others behind them, where nothing counts yet and the next run writes.

Each row sums the same numbers in the same order as in the usual shape, so that results are equal to the last
bit (tests/engine/test_few_tokens.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnx_ir as ir

from qwen_magics.model.emitter import MICROSOFT, Emitter

if TYPE_CHECKING:
    from qwen_magics.model.architecture import Architecture

__all__ = ["MOST", "FewTokens", "Given", "attributes"]

MOST = 16  # a head with more rows than that has a product of its own that is worth the preparation
_INT32 = int(ir.DataType.INT32)


@dataclass(frozen=True, slots=True)
class Given:
    """What all layers' attention reads.

    Attributes:
        ids, mask: [batch, tokens] and [batch, positions], int64.
        last: per sequence its last position, int32 [batch].
        width: of the mask, int32 scalar.
        cos, sin: tables of the rotary embedding.
    """

    ids: ir.Value
    mask: ir.Value
    last: ir.Value
    width: ir.Value
    cos: ir.Value
    sin: ir.Value


class FewTokens:
    """Emits the branch for few tokens, and when it is taken.

    It is for one sequence, at most `most` tokens behind others, and buffers with room for all rows: a past
    that is exactly as long as what it holds has none.

    Attributes:
        most: the input `max_grouped_tokens`, an int64 scalar with a default; with 0 it is never taken.
        condition: whether it is taken.
    """

    def __init__(self, emit: Emitter, architecture: Architecture, given: Given, past: ir.Value) -> None:
        self._main, self.a, self._given = emit, architecture, given
        self._group = architecture.heads // architecture.kv_heads
        self.most = emit.constant("max_grouped_tokens", np.array(MOST, np.int64))
        self._none = self._int("none", 0)
        self._tokens = self._size(given.ids, 1, "tokens")
        self._width = self._size(given.mask, 1, "width")
        self._before = emit.op("Sub", [self._width, self._tokens], "few/before")
        surplus = emit.op("Mul", [self._tokens, self._int("surplus", self._group - 1)], "few/more")
        self._end = emit.op("Add", [self._width, surplus], "few/end")
        self.condition = self._condition(past)
        self._shared = self._shared_values(surplus)
        self._heads = emit.constant("few/heads", _packed_heads(architecture))
        self._by_head = self._ints("by_head", [0, 0, -1, architecture.head_dim])
        self._rows = self._ints("rows", [0, -1, 3 * architecture.kv_width])
        self._split = self._ints("split", [0, self._group, -1, architecture.kv_heads, architecture.head_dim])
        self._joined = self._ints("joined", [0, 0, architecture.query_width])

    def layer(self, name: str, projected: Sequence[ir.Value], past: Sequence[ir.Value]) -> ir.Graph:
        """The branch of one layer, with three outputs: attention, keys, values."""
        emit = Emitter()
        packed = projected[0]
        if len(projected) > 1:
            packed = emit.op("Concat", projected, f"{name}/packed", axis=-1)
        heads = emit.op("Reshape", [packed, self._by_head], f"{name}/by_head")
        grouped = emit.op("Gather", [heads, self._heads], f"{name}/grouped", axis=2)
        ordered = emit.op("Transpose", [grouped], f"{name}/ordered", perm=[0, 2, 1, 3, 4])
        rows = emit.op("Reshape", [ordered, self._rows], f"{name}/rows")
        last, width, positions, mask = self._shared
        given, names = self._given, [f"{name}/{kind}" for kind in ("attended", "key", "value")]
        inputs = [rows, None, None, *past, last, width, given.cos, given.sin, positions, mask]
        attended, *caches = emit.add(
            "GroupQueryAttention", inputs, name, names, attributes(self.a, self.a.kv_heads), MICROSOFT
        )
        split = emit.op("Reshape", [attended, self._split], f"{name}/split")
        back = emit.op("Transpose", [split], f"{name}/back", perm=[0, 2, 3, 1, 4])
        return emit.graph(name, [emit.op("Reshape", [back, self._joined], f"{name}/joined"), *caches])

    def _condition(self, past: ir.Value) -> ir.Value:
        emit = self._main
        capacity = self._size(past, 2, "capacity")
        alone = emit.op("Equal", [self._size(self._given.ids, 0, "batch"), self._int("one", 1)], "few/alone")
        few = emit.op("LessOrEqual", [self._tokens, self.most], "few/few")
        behind = emit.op("Greater", [self._before, self._none], "few/behind")
        fits = emit.op("LessOrEqual", [self._end, capacity], "few/fits")
        both = (emit.op("And", [alone, few], "few/asked"), emit.op("And", [behind, fits], "few/possible"))
        return emit.op("And", both, "few")

    def _shared_values(self, surplus: ir.Value) -> list[ir.Value]:
        """Last position and width for the operator, the rows' positions and their mask."""
        names = ["few/seqlens_k", "few/total_length", "few/positions", "few/mask"]
        branch, other = Emitter(), Emitter()
        zero = self._main.constant("few/zero", np.zeros((), np.int32))
        made = [*self._operator_lengths(branch, surplus), *self._positions_and_mask(branch)]
        blank = [self._main.constant("few/blank_mask", np.zeros((1, 1, 1, 1), np.float32))]
        blank = [self._given.last, zero, self._given.ids, *blank]
        unused = [other.op("Identity", [value], f"few/unused/{place}") for place, value in enumerate(blank)]
        outputs = [ir.Value(name=name) for name in names]
        return self._main.choose(
            self.condition,
            branch.graph("few/shared", made),
            other.graph("few/unused", unused),
            "few/shared",
            outputs,
        )

    def _operator_lengths(self, emit: Emitter, surplus: ir.Value) -> list[ir.Value]:
        more = emit.op("Cast", [surplus], "few/more32", to=_INT32)
        width = emit.op("Squeeze", [more], "few/more_scalar")
        return [
            emit.op("Add", [self._given.last, more], "few/last"),
            emit.op("Add", [self._given.width, width], "few/width32"),
        ]

    def _positions_and_mask(self, emit: Emitter) -> list[ir.Value]:
        zero, one = (self._main.constant(f"few/scalar_{n}", np.array(n, np.int64)) for n in (0, 1))
        bounds = [
            emit.op("Squeeze", [value], f"few/bound/{place}")
            for place, value in enumerate((self._before, self._width, self._end))
        ]
        tokens = emit.op("Range", [bounds[0], bounds[1], one], "few/token_positions")
        repeated = emit.op("Tile", [tokens, self._int("group", self._group)], "few/row_positions")
        columns = emit.op("Range", [zero, bounds[2], one], "few/columns")
        by_row = emit.op("Unsqueeze", [repeated, self._ints("axes", [0, 1, 3])], "few/by_row")
        seen = emit.op("LessOrEqual", [columns, by_row], "few/seen")
        sides = [self._main.constant(f"few/{name}", np.array(value, np.float32)) for name, value in _SIDES]
        mask = emit.op("Where", [seen, *sides], "few/hidden")
        return [emit.op("Unsqueeze", [repeated, self._none], "few/positions_of_rows"), mask]

    def _size(self, value: ir.Value, axis: int, name: str) -> ir.Value:
        attributes = {"start": axis, "end": axis + 1}
        return self._main.add("Shape", [value], f"few/{name}", [f"few/{name}"], attributes)[0]

    def _int(self, name: str, value: int) -> ir.Value:
        return self._ints(name, [value])

    def _ints(self, name: str, values: Sequence[int]) -> ir.Value:
        return self._main.constant(f"few/ints/{name}", np.array(values, np.int64))


_SIDES = (("open", 0.0), ("closed", -np.inf))


def attributes(architecture: Architecture, heads: int) -> dict[str, int | float]:
    """Of a GroupQueryAttention with `heads` query heads."""
    return {
        "num_heads": heads,
        "kv_num_heads": architecture.kv_heads,
        "scale": architecture.head_dim**-0.5,
        "do_rotary": 1,
        "rotary_interleaved": 0,
    }


def _packed_heads(architecture: Architecture) -> np.ndarray:
    """Of Q, K and V in one, which heads a row has: [heads per group, 3 * groups]."""
    groups, group = architecture.kv_heads, architecture.heads // architecture.kv_heads
    queries = np.arange(architecture.heads).reshape(groups, group).T
    others = architecture.heads + np.arange(2 * groups)
    return np.hstack([queries, np.tile(others, (group, 1))]).astype(np.int64)
