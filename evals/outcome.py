"""What became of one question, and the file in which a run keeps them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from evals.question import Category
from evals.suite import Part

__all__ = ["RESULTS", "Contestant", "Outcome", "Run", "saved_runs"]

Contestant = Literal["agent", "oneshot"]
RESULTS = Path(__file__).parent / "results" / "suite"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question.

    Attributes:
        right: execution match with the gold result.
        first_try: right with the first program or without any repair.
        declined: it said that the data has no answer, or asked back.
        runnable: False if the answer is a program that does not run, or none was found that does.
        written: programs and calls that were tried.
        failed: those of them that did not run.
        invented: numbers of the sentence that come from nowhere; see `evals.evidence`.
        seconds: wall time, without loading the model.
        code: the program of the answer, or the last one.
        shown: the beginning of the answer's line, or the error.
    """

    key: str
    category: Category
    right: bool
    first_try: bool
    declined: bool
    runnable: bool
    written: int
    failed: int
    invented: tuple[str, ...]
    seconds: float
    code: str
    shown: str


@dataclass(frozen=True)
class Run:
    """All outcomes of one contestant over one part, kept in one file.

    Attributes:
        model: its catalogue name.
        quantisation: how its weights are stored.
        outcomes: by the question's key.
    """

    contestant: Contestant
    model: str
    quantisation: str
    part: Part
    outcomes: dict[str, Outcome]

    @property
    def path(self) -> Path:
        """Where it is kept."""
        name = f"{self.model}-{self.quantisation}-{self.contestant}-{self.part}.json"
        return RESULTS / name.replace("/", "_")

    def resumed(self) -> Run:
        """The run as it was saved, or this one if it was not."""
        return Run.read(self.path) if self.path.exists() else self

    def add(self, outcome: Outcome) -> None:
        """Keep one more, on the disk too: whole or not at all."""
        self.outcomes[outcome.key] = outcome
        head = {
            "contestant": self.contestant,
            "model": self.model,
            "quantisation": self.quantisation,
            "part": self.part,
        }
        content = {**head, "outcomes": [asdict(o) for o in self.outcomes.values()]}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        making = self.path.with_suffix(".part")
        making.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(making, self.path)

    @classmethod
    def read(cls, path: Path) -> Run:
        """A saved run."""
        content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = [Outcome(**{**o, "invented": tuple(o["invented"])}) for o in content["outcomes"]]
        return cls(
            content["contestant"],
            content["model"],
            content["quantisation"],
            content["part"],
            {outcome.key: outcome for outcome in found},
        )


def saved_runs() -> Iterator[Run]:
    """All that are kept, by the names of their files."""
    yield from map(Run.read, sorted(RESULTS.glob("*.json")))
