"""Opening model directories: broken ones, foreign ones, and what opening does to the process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qwen_magics.engine.engine import Engine
from qwen_magics.engine.signature import GraphSignature
from qwen_magics.errors import DamagedModelError, UnsupportedModelError

Load = Callable[..., Engine]


@pytest.fixture
def copy(tiny_fp32: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_fp32, tmp_path / "some-model"))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "genai_config.json"])
@pytest.mark.parametrize("harm", [Path.unlink, truncate])
@pytest.mark.parametrize("manifest", [True, False])
def test_a_damaged_file_is_named_with_the_fix(
    name: str, harm: Callable[[Path], None], manifest: bool, copy: Path, load: Load
) -> None:
    if not manifest:
        (copy / "qwen_magics.json").unlink()
    harm(copy / name)
    with pytest.raises(DamagedModelError, match="qwen-magics pull") as caught:
        load(copy)
    assert str(copy) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_garbled_graph(copy: Path, load: Load) -> None:
    graph = copy / "model.onnx"
    graph.write_bytes(b"\xff" * 100 + b"GroupQueryAttention" + b"\xff" * (graph.stat().st_size - 119))
    with pytest.raises(DamagedModelError, match="ONNX Runtime says"):
        load(copy)


@pytest.mark.parametrize("field", ["eos_token_id", "context_length", "vocab_size", "decoder"])
def test_missing_settings_are_named(field: str, copy: Path, load: Load) -> None:
    file = copy / "genai_config.json"
    config = json.loads(file.read_text())
    del config["model"][field]
    (copy / "qwen_magics.json").unlink()
    file.write_text(json.dumps(config))
    with pytest.raises(DamagedModelError, match=field):
        load(copy)


@pytest.mark.parametrize("eos", [5, [5]])
def test_one_end_token_or_several(eos: int | list[int], copy: Path, load: Load) -> None:
    file = copy / "genai_config.json"
    config = json.loads(file.read_text())
    config["model"]["eos_token_id"] = eos
    (copy / "qwen_magics.json").unlink()
    file.write_text(json.dumps(config))
    assert load(copy).eos_tokens == frozenset([5])


def test_a_folder_without_a_model(tmp_path: Path, load: Load) -> None:
    with pytest.raises(DamagedModelError, match=r"genai_config\.json is missing"):
        load(tmp_path)


def test_an_unknown_operator_is_named(copy: Path, load: Load) -> None:
    graph = copy / "model.onnx"
    graph.write_bytes(graph.read_bytes().replace(b"GroupQueryAttention", b"GroupQueryAttentioX"))
    with pytest.raises(UnsupportedModelError, match=r"GroupQueryAttentioX.*pip install -U"):
        load(copy)


def node(name: str, shape: list[object], kind: str = "tensor(float)") -> SimpleNamespace:
    return SimpleNamespace(name=name, shape=shape, type=kind)


def session(inputs: list[Any], outputs: list[Any], optional: tuple[Any, ...] = ()) -> Any:
    return SimpleNamespace(
        get_inputs=lambda: inputs,
        get_outputs=lambda: outputs,
        get_overridable_initializers=lambda: list(optional),
    )


IDS = [node("input_ids", ["b", "s"], "tensor(int64)"), node("attention_mask", ["b", "t"], "tensor(int64)")]
PAST = [node(f"past_key_values.{i}.{k}", ["b", 2, "p", 16]) for i in (10, 2) for k in ("value", "key")]
OUT = [node("logits", ["b", "s", 320])] + [
    node(past.name.replace("past_key_values", "present"), past.shape) for past in PAST
]


def test_slots_come_in_layer_order() -> None:
    signature = GraphSignature.of(session([*IDS, *PAST], OUT))
    assert [slot.past.split(".", 1)[1] for slot in signature.slots] == [
        "2.key",
        "2.value",
        "10.key",
        "10.value",
    ]
    assert not signature.keeps_logits


@pytest.mark.parametrize("optional", [True, False])
def test_row_selection_is_found_by_name(optional: bool) -> None:
    keep = node("num_logits_to_keep", [], "tensor(int64)")
    graph = session([*IDS, *PAST], OUT, (keep,)) if optional else session([*IDS, keep, *PAST], OUT)
    assert GraphSignature.of(graph).keeps_logits


@pytest.mark.parametrize(
    ("inputs", "outputs", "message"),
    [
        ([*IDS, node("use_cache_branch", [1], "tensor(bool)"), *PAST], OUT, "wants use_cache_branch"),
        ([*IDS, node("position_ids", [3, "b", "s"], "tensor(int64)"), *PAST], OUT, "position_ids is"),
        ([node("input_ids", ["b", "s"], "tensor(int32)"), IDS[1], *PAST], OUT, "input_ids is"),
        ([*IDS, *PAST], [node("logits", ["b", 1, 320]), *OUT[1:]], "last position only.*prune_lm_head"),
        (
            [*IDS, node("past_key_values.0.key", ["b", 2, "p"])],
            [*OUT, node("present.0.key", [])],
            "not .batch, heads",
        ),
        ([*IDS], OUT, "lacks past_key_values"),
        ([IDS[0], *PAST], OUT, "lacks attention_mask"),
        ([*IDS, *PAST], OUT[1:], "lacks logits"),
        ([*IDS, *PAST], OUT[:-1], "no output present"),
        (
            [*IDS, node("past_key_values.0.key", ["b", "h", "p", "d"])],
            [*OUT, node("present.0.key", [])],
            "open",
        ),
        ([*IDS, *PAST], [node("logits", [], "tensor(bfloat16)"), *OUT[1:]], "bfloat16"),
    ],
)
def test_unknown_graphs_say_what_is_missing(inputs: list[Any], outputs: list[Any], message: str) -> None:
    with pytest.raises(UnsupportedModelError, match=message) as caught:
        GraphSignature.of(session(inputs, outputs))
    assert "xport" in str(caught.value)  # the way out
    assert "\n" not in str(caught.value)


def test_sizes_that_a_graph_leaves_open_are_given() -> None:
    open_past = [node(past.name, ["b", "h", "p", "d"]) for past in PAST]
    (first, *_) = GraphSignature.of(session([*IDS, *open_past], OUT), heads=3, head_dim=8).slots
    assert (first.heads, first.head_dim) == (3, 8)
    (first, *_) = GraphSignature.of(session([*IDS, *PAST], OUT), heads=3, head_dim=8).slots
    assert (first.heads, first.head_dim) == (2, 16)


def test_positions_are_found_by_name() -> None:
    positions = node("position_ids", ["b", "s"], "tensor(int64)")
    assert GraphSignature.of(session([*IDS, positions, *PAST], OUT)).position_ids
    assert not GraphSignature.of(session([*IDS, *PAST], OUT)).position_ids


SCRIPT = """
import sys, numpy
from pathlib import Path
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.runtime import telemetry_disabled
assert "onnxruntime" not in sys.modules, "importing the engine must not import onnxruntime"
tiny = numpy.float32(1e-42)
engine = Engine(Path(sys.argv[1]))
engine.generate([65, 66, 67])
# A runtime that flushes denormals to zero would change the results of the user's own NumPy code.
assert tiny * numpy.float32(0.5) != 0
try:
    Engine(Path(sys.argv[1]).parent)
except Exception as exc:
    print(type(exc).__name__)
print(telemetry_disabled())
"""


def test_loading_and_running_write_nothing_and_keep_the_process_as_it_was(tiny_fp32: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tiny_fp32)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["DamagedModelError", "True"]


def test_telemetry_is_reported_on_if_someone_imported_the_runtime_first() -> None:
    code = (
        "import os; os.environ.pop('ORT_DISABLE_TELEMETRY', None)\n"
        "import sys; sys.modules['onnxruntime'] = type(sys)('onnxruntime')\n"
        "from qwen_magics.engine.runtime import telemetry_disabled; print(telemetry_disabled())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
