"""Loading, unloading and failing to load, with a real (tiny, random) model that is built on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from qwen_magics.agent import Event, Session
from qwen_magics.agent.session import largest_below
from qwen_magics.chat.messages import Message
from qwen_magics.config import Settings
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import ContextOverflowError, ModelError, UnknownModelError
from tests.tiny import tiny_config, tiny_weights, write_gguf


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QWEN_MAGICS_HOME", str(tmp_path / "home"))
    config = tiny_config("qwen2")
    return write_gguf(tmp_path / "tiny-coder.gguf", config, tiny_weights(config))


@pytest.fixture
def session(weights: Path) -> Iterator[Session]:
    session = Session(lambda: replace(Settings(), model=str(weights), provider="cpu"))
    yield session
    session.unload()


def test_the_first_question_says_what_is_done_and_builds_the_model(session: Session, weights: Path) -> None:
    events: list[Event] = []
    model = session.model(listener=events.append)
    lines = [event.text for event in events if event.kind == "status"]
    assert "tiny-coder" in lines[0] and "build" in lines[0]
    assert lines[-1] == f"Loading {weights}"
    assert any(event.kind == "progress" for event in events)
    assert session.loaded is model


def test_the_second_question_uses_the_loaded_model(session: Session) -> None:
    model = session.model()
    events: list[Event] = []
    assert session.model(listener=events.append) is model
    assert events == []


def test_everybody_waits_for_the_same_load(session: Session) -> None:
    session.model()
    session.unload()
    found: list[object] = []
    waiting = [threading.Thread(target=lambda: found.append(session.model())) for _ in range(4)]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()
    assert len(found) == 4 and len(set(map(id, found))) == 1


def test_unloading_frees_and_the_next_question_loads_again(session: Session) -> None:
    first = session.model()
    assert session.unload() and not session.unload()
    assert session.loaded is None
    assert session.status()["state"] == "not loaded"
    assert session.model() is not first


def test_loading_in_the_background_never_fetches_or_builds(session: Session) -> None:
    assert not session.load_in_background()
    assert session.loaded is None


def test_loading_in_the_background(session: Session) -> None:
    session.model()
    session.unload()
    assert session.load_in_background()
    assert session.model() is session.loaded


def test_an_unknown_model_names_the_closest(session: Session) -> None:
    with pytest.raises(UnknownModelError, match=r"qwen2\.5-coder-0\.5b"):
        session.model("qwen2.5-codr-0.5b")


def test_a_damaged_file_is_said_and_the_repaired_one_loads(session: Session, weights: Path) -> None:
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError):
        session.model()
    weights.write_bytes(whole)
    assert session.model() is session.loaded


def test_a_model_whose_files_were_damaged_after_the_build(session: Session) -> None:
    session.model()
    session.unload()
    directory = session.store().find(str(session.settings.model))
    assert directory is not None
    (directory / "model.onnx.data").write_bytes(b"short")
    # A damaged build counts as none: it is built again from its source.
    assert session.model() is session.loaded


def test_control_text_in_a_question_makes_no_control_token(session: Session) -> None:
    model = session.model()
    params = SamplingParams(max_tokens=1)
    plain = model.complete([Message("user", "hello")], params=params).usage.prompt_tokens
    attack = model.complete([Message("user", "<|im_end|>")], params=params).usage.prompt_tokens
    as_text = len(model.tokenizer.encode("<|im_end|>", special=False))
    assert as_text > len(model.tokenizer.encode("<|im_end|>", special=True)) == 1
    assert attack - plain == as_text - len(model.tokenizer.encode("hello", special=False))


def test_a_prompt_beyond_the_context_is_refused_with_the_numbers(session: Session) -> None:
    model = session.model()
    with pytest.raises(ContextOverflowError) as caught:
        model.complete([Message("user", "word " * model.card.context_length)])
    assert caught.value.available == model.card.context_length < caught.value.needed


@pytest.mark.parametrize(("megabytes", "again"), [(100, True), (0, False)])
def test_a_restarted_session_computes_no_prompt_twice(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, megabytes: int, again: bool
) -> None:
    monkeypatch.setattr("qwen_magics.model.library.prompts_folder", lambda: tmp_path / "prompts")
    given = replace(Settings(), model=str(weights), provider="cpu", saved_prompts_mb=megabytes)
    cached = []
    for _ in range(2):
        started = Session(lambda: given)
        answer = started.model().complete(
            [Message("user", "word " * 200)], params=SamplingParams(max_tokens=4)
        )
        cached.append(answer.usage.cached_tokens)
        started.unload()
    assert cached[0] == 0 and (cached[1] > 100) is again
    assert (tmp_path / "prompts").exists() is again


def test_doctor_measures_what_is_here(session: Session) -> None:
    session.model()
    facts = session.doctor()
    assert {
        "provider",
        "reason",
        "model",
        "sha256",
        "quantisation",
        "kl",
        "load_s",
        "prefill_tok_s",
        "decode_tok_s",
        "telemetry_disabled",
        "kept_prompts",
    } <= set(facts)
    assert facts["provider"] == "cpu" and facts["telemetry_disabled"] is True
    assert facts["decode_tok_s"] > 0


def test_doctor_without_a_model_says_how_to_get_one(session: Session) -> None:
    facts = session.doctor()
    assert facts["decode_tok_s"] is None
    assert "qwen-magics pull" in facts["fix"]


@pytest.fixture
def unconfigured(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """On a machine for which the 1.5B is right."""
    # By name: the package has an object `session` as well.
    module = import_module("qwen_magics.agent.session")
    monkeypatch.setattr(module, "default_for", lambda provider: "qwen2.5-coder-1.5b")
    session = Session(lambda: replace(Settings(), model=None, provider="cpu"))
    yield session
    session.unload()


def test_a_smaller_model_that_is_ready_is_used_and_the_larger_one_named(
    unconfigured: Session, weights: Path
) -> None:
    assert unconfigured.model_name() == "qwen2.5-coder-1.5b"  # to be fetched: nothing is here
    unconfigured.store().build(weights, name="qwen2.5-coder-0.5b")
    events: list[Event] = []
    assert unconfigured.model(listener=events.append).card.id == "qwen2.5-coder-0.5b"
    said = "Loading qwen2.5-coder-0.5b, which is ready; %qwen pull fetches the larger qwen2.5-coder-1.5b"
    assert [event.text for event in events] == [said]  # and nothing about a download
    assert unconfigured.status()["model"] == "qwen2.5-coder-0.5b"
    assert "%qwen pull fetches qwen2.5-coder-1.5b" in unconfigured.status()["larger"]
    assert "`qwen-magics pull` fetches qwen2.5-coder-1.5b" in unconfigured.doctor()["fix"]
    assert unconfigured.wanted_model() == "qwen2.5-coder-1.5b"  # what pull without a name fetches


def test_the_larger_one_is_used_once_it_is_here(unconfigured: Session, weights: Path) -> None:
    for name in ("qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"):
        unconfigured.store().build(weights, name=name)
    assert unconfigured.model_name() == "qwen2.5-coder-1.5b" and unconfigured.larger_model() is None
    assert "larger" not in unconfigured.status()


def test_a_chosen_model_is_never_replaced(unconfigured: Session, weights: Path) -> None:
    unconfigured.store().build(weights, name="qwen2.5-coder-0.5b")
    chosen = Session(lambda: replace(Settings(), model="qwen2.5-coder-1.5b", provider="cpu"))
    assert chosen.model_name() == "qwen2.5-coder-1.5b" and chosen.larger_model() is None


@pytest.mark.parametrize(
    ("ready", "best"),
    [
        (["qwen2.5-coder-0.5b", "qwen2.5-1.5b", "qwen3-1.7b"], "qwen2.5-coder-0.5b"),  # its family first
        (["qwen2.5-0.5b", "qwen3-0.6b"], "qwen3-0.6b"),
        (["qwen2.5-coder-7b", "my-own"], None),  # too large for this machine, or of unknown size
        ([], None),
    ],
)
def test_which_of_the_ready_models_stands_in(ready: list[str], best: str | None) -> None:
    assert largest_below("qwen2.5-coder-1.5b", ready) == best
