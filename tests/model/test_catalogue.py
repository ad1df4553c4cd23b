from __future__ import annotations

import re
from pathlib import Path

import pytest

from qwen_magics.errors import UnknownModelError
from qwen_magics.model.catalogue import (
    QUANTISATION_BYTES,
    built_bytes,
    call_format,
    default_model,
    entries,
    entry,
)
from qwen_magics.model.disk import readable
from qwen_magics.model.memory import available_memory, cgroup_memory
from qwen_magics.model.sources import HubSource, IndexSource

GB = 1_000_000_000


def test_three_families_in_five_sizes() -> None:
    names = [model.name for model in entries()]
    assert len(set(names)) == len(names) == 15
    sizes = {"0.5b", "1.5b", "3b", "7b", "14b"}
    assert {name.removeprefix("qwen2.5-coder-") for name in names if "coder" in name} == sizes
    assert {name.removeprefix("qwen3-") for name in names if name.startswith("qwen3-")} == {
        "0.6b", "1.7b", "4b", "8b", "14b",
    }  # fmt: skip


@pytest.mark.parametrize("model", entries(), ids=lambda model: model.name)
def test_every_entry_is_complete(model) -> None:  # type: ignore[no-untyped-def]
    hub = model.sources[0]
    assert isinstance(hub, HubSource)
    assert hub.repo.startswith("Qwen/")
    assert hub.repo.endswith("-GGUF")
    assert hub.filename.endswith(".gguf")
    # 4-bit GGUFs hold 4.5 to 8 bits a weight: a slip in either number would show here.
    assert 0.5 < model.download_bytes / (model.parameters * 1e9) < 1.1
    assert model.memory_bytes > built_bytes(model.parameters, "int8")
    assert ("Research" in model.licence) == (model.name in {"qwen2.5-3b", "qwen2.5-coder-3b"})
    assert model.call_format == ("fenced" if "coder" in model.name else "hermes")


@pytest.mark.parametrize("name", ["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"])
def test_the_parts_of_a_file_add_up(name: str) -> None:
    model = entry(name)
    index = model.sources[1]
    assert isinstance(index, IndexSource)
    assert sum(part.bytes for part in index.parts) == model.download_bytes
    assert model.sha256 is not None
    assert len({part.member for part in index.parts}) == len(index.parts)


def test_the_documentation_has_this_catalogue() -> None:
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `qwen")]
    assert rows == [
        f"| `{model.name}` | {model.parameters:g} billion | {readable(model.download_bytes)} | "
        f"{readable(model.memory_bytes)} | {model.context_length:,} | {model.licence} |"
        for model in entries()
    ]


def test_the_documentation_has_the_environment_variables() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "models.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in (root / "qwen_magics/model").glob("*.py"))
    read = set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', code))
    assert "QWEN_MAGICS_HOME" in read
    assert {name for name in read if f"`{name}`" not in page} <= {"CURL_CA_BUNDLE"}


def test_a_slip_in_the_name_is_answered_with_the_closest() -> None:
    assert entry(" Qwen3-4B ").name == "qwen3-4b"
    with pytest.raises(UnknownModelError, match=r"Did you mean 'qwen2\.5-coder-1\.5b'\?"):
        entry("qwen2.5-coder1.5b")
    with pytest.raises(UnknownModelError, match="Models: "):
        entry("???")


def test_the_default_follows_memory_and_device() -> None:
    assert default_model(2 * GB) == "qwen2.5-coder-0.5b"
    assert default_model(8 * GB) == "qwen2.5-coder-1.5b"
    assert default_model(512 * GB) == "qwen2.5-coder-1.5b"  # a processor is too slow for more
    assert default_model(24 * GB, "cuda") == "qwen2.5-coder-7b"
    assert default_model(80 * GB, "cuda") == "qwen2.5-coder-14b"
    assert default_model(1 * GB, "cuda") == "qwen2.5-coder-0.5b"
    sizes = [entry(default_model(gb * GB, "cuda")).parameters for gb in range(1, 100)]
    assert sizes == sorted(sizes)


def test_the_call_format_of_a_path_is_read_off_its_name() -> None:
    assert call_format("qwen3-4b") == "hermes"
    assert call_format("/data/My-Qwen2.5-Coder-7B") == "fenced"
    assert call_format("/data/model") == "hermes"


def test_the_catalogue_knows_the_quantisations_of_the_builder() -> None:
    from qwen_magics.model.build import QUANTISATIONS

    assert set(QUANTISATION_BYTES) == set(QUANTISATIONS)


def cgroup(root: Path, line: str, **files: str) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(line + "\n")
    for name, content in files.items():
        path = root / "sys/fs/cgroup" / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n")
    return root


def test_memory_is_what_the_cgroup_grants(tmp_path: Path) -> None:
    two = cgroup(tmp_path / "v2", "0::/a/b", a__memory_dot_max="2000000000", a__b__memory_dot_max="max")
    assert cgroup_memory(two) == available_memory(two) == 2 * GB
    one = cgroup(tmp_path / "v1", "5:cpu,memory:/x", memory__memory_dot_limit_in_bytes="3000000000")
    assert cgroup_memory(one) == 3 * GB
    none = cgroup(tmp_path / "none", "5:memory:/", memory__memory_dot_limit_in_bytes="9223372036854771712")
    assert cgroup_memory(none) is None
    assert available_memory(none) > GB
    assert cgroup_memory(tmp_path / "no-linux") is None
