"""The subcommands about runs: history, replay, diff, scrub, code, reset.

A run is named by its number in `%qwen history`, by the beginning of its id, or by `notebook.ipynb:2`; without
a name the last one is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from qwen_magics.widgets.approval import ask_in_cell
from qwen_magics.widgets.reports import Report

if TYPE_CHECKING:
    from qwen_magics.widgets.commands import Context, Shown

__all__ = ["are_runs", "code", "diff", "history", "is_replay", "replay", "reset", "scrub"]

_LONGEST_ANSWER = 80


def are_runs(words: Sequence[str]) -> bool:
    """Whether the words after a subcommand name runs: otherwise the line is a question."""
    from qwen_magics.agent.runs import is_run_name

    return all(is_run_name(word) for word in words)


def is_replay(words: Sequence[str]) -> bool:
    """Whether the words after `replay` are one run at most, with its flags."""
    names, flags = _replay_words(words)
    return are_runs(names) and len(names) <= 1 and set(flags) <= {"--model", "--from", "--continue"}


def _replay_words(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The names of runs, and the flags with their values."""
    names: list[str] = []
    flags: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            flags[name] = value if equals else next(rest, "") if name == "--from" else ""
        else:
            names.append(word)
    return names, flags


def history(context: Context, words: Sequence[str]) -> Shown:
    """All runs of the session, or one of them with its steps."""
    from qwen_magics.agent import session
    from qwen_magics.trace.outline import GLYPHS, answer_view, failure, seconds

    if words:
        return session.runs.find(words[0])
    rows = []
    for number, trace in session.runs:
        answer, error = answer_view(trace), failure(trace)
        told = answer.text if answer else error.get("message", "") if error else trace.status
        rows.append(
            (
                str(number),
                f"{GLYPHS[trace.status]} {trace.status}",
                " ".join(trace.question.split()),
                " ".join(told.split())[:_LONGEST_ANSWER],
                seconds(trace.totals["seconds"]),
                str(trace.totals["steps"]),
                trace.trace_id[:8],
            )
        )
    if not rows:
        return Report("Nothing was asked yet.", (), [])
    header = ("", "status", "question", "answer", "time", "steps", "id")
    return Report("", header, rows, "%qwen history 1 shows a run again, %qwen diff 1 2 compares two.")


def replay(context: Context, words: Sequence[str]) -> Shown:
    """The tool steps of a run again, or from one of them on; with the model as well, or going on."""
    from qwen_magics.agent import session
    from qwen_magics.agent.replay.replaying import replay_run, resume_run

    names, flags = _replay_words(words)
    start = flags.get("--from")
    if start is not None and not start.isdecimal():
        msg = "--from needs the number of a step, such as --from 5."
        raise UsageError(msg)
    if start is not None and "--model" in flags:
        msg = "With --from only tool steps are run again: leave out --model, or go on with --continue."
        raise UsageError(msg)
    if start is None and "--continue" in flags:
        msg = "--continue needs the step to go on from, such as --from 5 --continue."
        raise UsageError(msg)
    trace = session.runs.find(*names)
    if start is not None and "--continue" in flags:
        answer = resume_run(
            trace,
            context.namespace,
            int(start),
            context.body,
            approver=ask_in_cell,
            link=context.cell,
            listener=context.output.on_event,
        )
        return context.keep(answer)
    return replay_run(
        trace,
        context.namespace,
        model="--model" in flags,
        start=None if start is None else int(start),
        program=context.body,
        listener=context.output.on_event,
    )


def diff(context: Context, words: Sequence[str]) -> Shown:
    """Two runs step by step; the last two without names, the last one beside a single name."""
    from qwen_magics.agent import session
    from qwen_magics.trace.diff import diff as compare

    before, after = {0: ("-2", "-1"), 1: (*words, "-1")}.get(len(words), tuple(words))
    return compare(session.runs.find(before), session.runs.find(after))


def scrub(context: Context, words: Sequence[str]) -> Shown:
    """A run without its values, or a copy of a notebook whose traces have none."""
    from qwen_magics.agent import session
    from qwen_magics.trace.scrub import scrub as scrubbed

    if words and words[0].endswith(".ipynb"):
        return _notebook(Path(words[0]), Path(words[1]) if len(words) > 1 else None)
    if len(words) > 1:
        msg = "%qwen scrub takes one run, or a notebook and the name of its copy."
        raise UsageError(msg)
    return scrubbed(session.runs.find(*words))


def _notebook(source: Path, target: Path | None) -> Report:
    from qwen_magics.trace.notebooks import scrub_notebook

    done = scrub_notebook(source, target)
    rows = [("traces scrubbed", str(done.traces))]
    rows += [("traces taken out, since they could not be read", str(done.removed))] if done.removed else []
    rows += [("other outputs, left as they are", str(done.others))]
    return Report(
        f"Wrote {done.path}", (), rows, "Sources of cells are as they were: read them before sharing."
    )


def code(context: Context, words: Sequence[str]) -> Shown:
    """All programs of a run in a new cell below."""
    from qwen_magics.agent import session
    from qwen_magics.tools.programs.cell import notebook_cell
    from qwen_magics.trace.script import to_script

    trace = session.runs.find(*words)
    title = f"all code of run {trace.trace_id[:8]}"
    context.insert_cell(notebook_cell(to_script(trace), title, context.cell or trace.trace_id))
    return Report(f"The code of run {trace.trace_id[:8]} is in the cell below.", (), [])


def reset(context: Context, words: Sequence[str]) -> Shown:
    """Forget the runs and the conversation; the model stays loaded, outputs stay in the notebook."""
    from qwen_magics.agent import session

    session.history.clear()
    session.turns.clear()  # what `-c` would have gone on with
    count = session.runs.clear()
    forget: Any = getattr(context.namespace, "pop", None)
    if forget is not None:
        forget("_qwen", None)
    return Report(f"Forgot {count} run{'' if count == 1 else 's'} of this session.", (), [])
