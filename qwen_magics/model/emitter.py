"""Collects the nodes and initializers of a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx_ir as ir

__all__ = ["MICROSOFT", "Emitter"]

MICROSOFT = "com.microsoft"


class Emitter:
    """Collects nodes and initializers, with short names for the operators used."""

    def __init__(self) -> None:
        self.nodes: list[ir.Node] = []
        self.initializers: list[ir.Value] = []

    def add(
        self,
        kind: str,
        inputs: Sequence[ir.Value | None],
        name: str,
        outputs: Sequence[str | ir.Value],
        attributes: Mapping[str, int | float | Sequence[int]],
        domain: str = "",
    ) -> list[ir.Value]:
        """Adds a node; outputs are made where only a name is given, and one named "" is not wanted."""
        values = [ir.Value(name=out) if isinstance(out, str) else out for out in outputs]
        self.nodes.append(
            ir.node(kind, inputs, attributes, domain=domain, outputs=values, name=f"{name}/{kind}")
        )
        return values

    def op(
        self,
        kind: str,
        inputs: Sequence[ir.Value | None],
        name: str,
        **attributes: int | float | Sequence[int],
    ) -> ir.Value:
        """A node of ONNX's own operators, with one output."""
        return self.add(kind, inputs, name, [name], attributes)[0]

    def microsoft(
        self,
        kind: str,
        inputs: Sequence[ir.Value | None],
        name: str,
        **attributes: int | float | Sequence[int],
    ) -> ir.Value:
        """A node of ONNX Runtime's operators, with one output."""
        return self.add(kind, inputs, name, [name], attributes, MICROSOFT)[0]

    def graph(self, name: str, outputs: Sequence[ir.Value]) -> ir.Graph:
        """The nodes so far as a branch, which may read what is outside of it."""
        return ir.Graph([], outputs, nodes=self.nodes, name=name)

    def choose(
        self,
        condition: ir.Value,
        then: ir.Graph,
        otherwise: ir.Graph,
        name: str,
        outputs: Sequence[ir.Value],
    ) -> list[ir.Value]:
        """A node that runs one of two branches and has their outputs."""
        branches = [ir.AttrGraph("then_branch", then), ir.AttrGraph("else_branch", otherwise)]
        node = ir.Node("", "If", [condition], branches, outputs=outputs, name=f"{name}/If")
        self.nodes.append(node)
        return list(node.outputs)

    def constant(self, name: str, value: np.ndarray) -> ir.Value:
        tensor = ir.tensor(value, name=name)
        made = ir.Value(
            name=name, shape=ir.Shape(value.shape), type=ir.TensorType(tensor.dtype), const_value=tensor
        )
        self.initializers.append(made)
        return made

    def external(self, values: Sequence[ir.Value]) -> list[ir.Value]:
        self.initializers.extend(values)
        return list(values)
