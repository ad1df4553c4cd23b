"""`export`: a program in optimum's place for what goes wrong; optimum itself where the extra is installed."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from qwen_magics import cli
from qwen_magics.errors import ConfigError, DiskSpaceError, UnknownModelError, UnsupportedModelError
from qwen_magics.model import export as export_module
from qwen_magics.model.directory import read_directory
from qwen_magics.model.export import export
from qwen_magics.model.foreign import find_graph, is_foreign
from qwen_magics.model.progress import ProgressEvent
from qwen_magics.model.store import Store
from tests.tiny import write_checkpoint
from tests.tiny_checkpoint import tiny_config, tiny_weights

FOREIGN = Path(__file__).parent.parent / "golden" / "foreign"
HAS_OPTIMUM = find_spec("optimum") is not None and find_spec("torch") is not None
# What optimum would be started as: it notes how it was called, then does what ACT says.
STAND_IN = """
import json, os, pathlib, sys, time
target = pathlib.Path(sys.argv[-1])
target.mkdir()
(target / "model.onnx").write_bytes(b"x" * 1000)
(target / "model.onnx").chmod(0o600)
names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")
(target / "config.json").write_text(json.dumps({"argv": sys.argv[1:], **{n: os.environ[n] for n in names}}))
if os.environ["ACT"] == "slow":
    time.sleep(1.5)
if os.environ["ACT"] == "forever":
    time.sleep(600)
if os.environ["ACT"] == "refuse":
    sys.exit("ValueError: Trying to export a mamba model, that is a custom or unsupported architecture.")
"""


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    config = tiny_config("qwen2") | {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}
    config |= {"bos_token_id": 368, "eos_token_id": 370}
    weights = {k: v for k, v in tiny_weights(config | {"model_type": "qwen2"}).items() if "bias" not in k}
    return write_checkpoint(tmp_path / "tiny-llama", config, weights)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    package = tmp_path / "packages" / "optimum" / "exporters" / "onnx"
    package.mkdir(parents=True)
    for folder in (package, package.parent, package.parent.parent):
        (folder / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packages"))
    monkeypatch.setenv("ACT", "work")
    monkeypatch.setattr(export_module, "version", lambda package: f"1-of-{package}")
    return monkeypatch


def entries(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_result_is_a_model_directory_with_a_card(checkpoint: Path, stand_in: pytest.MonkeyPatch) -> None:
    stand_in.setenv("ACT", "slow")
    events: list[ProgressEvent] = []
    path = export(checkpoint, progress=events.append)
    assert path == checkpoint.with_name("tiny-llama-onnx")
    card = read_directory(path).card
    assert card["name"] == "tiny-llama-onnx" and card["exporter"]["torch"] == "1-of-torch"
    assert card["files"]["model.onnx"]["bytes"] == 1000
    assert {file.stat().st_mode & 0o777 for file in path.iterdir()} == {0o644}
    called = json.loads((path / "config.json").read_text())
    assert called["argv"][:2] == ["--model", str(checkpoint)]
    assert {"--trust-remote-code"} & set(called["argv"]) == set()
    assert [value for name, value in called.items() if name.startswith(("HF_", "TRANS"))] == ["1", "1", "1"]
    assert "optimum-onnx 1-of-optimum-onnx" in events[0].detail
    assert events[-1].done >= 1000
    assert Store(path.parent / "home").find(str(path)) == path


def test_what_optimum_refuses_is_said_in_a_line(checkpoint: Path, stand_in: pytest.MonkeyPatch) -> None:
    stand_in.setenv("ACT", "refuse")
    before = entries(checkpoint.parent)
    with pytest.raises(UnsupportedModelError, match=r"says: ValueError: Trying to export a mamba") as caught:
        export(checkpoint)
    assert "\n" not in str(caught.value)
    assert entries(checkpoint.parent) == before


def test_a_stop_ends_optimum_and_leaves_nothing(checkpoint: Path, stand_in: pytest.MonkeyPatch) -> None:
    stand_in.setenv("ACT", "forever")
    before = entries(checkpoint.parent)

    def stop(event: ProgressEvent) -> None:
        if event.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(checkpoint, progress=stop)
    assert entries(checkpoint.parent) == before


def test_mistakes_are_refused_before_any_work(
    checkpoint: Path, stand_in: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="exists already"):
        export(checkpoint, tmp_path)
    with pytest.raises(UnknownModelError, match="does not exist"):
        export(tmp_path / "nothing")
    with pytest.raises(UnknownModelError, match=r"is no checkpoint.*safetensors"):
        export(tmp_path / "packages")
    stand_in.setattr(export_module, "free_bytes", lambda folder: 1000)
    with pytest.raises(DiskSpaceError, match=r"1 kB are free.*TARGET"):
        export(checkpoint)


@pytest.mark.skipif(HAS_OPTIMUM, reason="the export extra is installed")
def test_without_the_extra_the_error_says_how_to_install_it(
    checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["export", str(checkpoint)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("qwen-magics: Exporting needs optimum-onnx") and said.count("\n") == 1
    assert "pip install 'qwen-magics[export]'" in said


@pytest.mark.skipif(not HAS_OPTIMUM, reason="install qwen-magics[export]")
def test_an_architecture_that_is_not_built_here_runs(
    checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["export", str(checkpoint), str(checkpoint.parent / "ready")]) == 0
    captured = capsys.readouterr()
    path = checkpoint.parent / "ready"
    assert f"%qwen use {path}" in captured.out
    assert "Exporting" in captured.err
    logits = _logits_of_torch(checkpoint)
    from qwen_magics.engine.engine import Engine

    engine = Engine(path, provider="cpu", threads=1)
    assert np.abs(engine.logits([3, 7, 65, 300, 301, 1]) - logits).max() < 1e-3


def _logits_of_torch(checkpoint: Path) -> np.ndarray:
    import torch
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(checkpoint).eval()
    with torch.no_grad():
        logits: np.ndarray = model(torch.tensor([[3, 7, 65, 300, 301, 1]])).logits[0].numpy()
    return logits


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (["model.onnx", "model_q4.onnx"], "model_q4.onnx"),
        (["onnx/model.onnx", "onnx/model_q4.onnx", "onnx/model_q4f16.onnx"], "onnx/model_q4.onnx"),
        (["onnx/model_quantized.onnx", "onnx/model_fp16.onnx"], "onnx/model_fp16.onnx"),
        (["decoder.onnx"], "decoder.onnx"),
        (["one.onnx", "two.onnx"], None),
        ([], None),
    ],
)
def test_of_several_graphs_the_most_suitable_is_run(
    files: list[str], chosen: str | None, tmp_path: Path
) -> None:
    (tmp_path / "onnx").mkdir()
    (tmp_path / "config.json").touch()
    for name in files:
        (tmp_path / name).touch()
    assert find_graph(tmp_path) == (None if chosen is None else tmp_path / chosen)
    assert is_foreign(tmp_path) == (chosen is not None)


@pytest.mark.parametrize("name", ["optimum", "community", "genai"])
def test_a_folder_of_another_tool_is_used_where_it_is(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.check_name(str(FOREIGN / name))
    assert store.find(str(FOREIGN / name)) == FOREIGN / name
    assert store.plan(str(FOREIGN / name)).ready


def test_where_weights_lie_beside_the_graph_they_are_built(checkpoint: Path, tmp_path: Path) -> None:
    (checkpoint / "model.onnx").touch()
    assert Store(tmp_path / "home").find(str(checkpoint)) is None
