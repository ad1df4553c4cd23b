from __future__ import annotations

import contextlib
import signal
import threading

import pytest

from qwen_magics.agent.stopping import remembered_stop


def interrupt_that_is_swallowed() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_swallowed_interrupt_is_raised_by_the_next_check() -> None:
    with remembered_stop() as check:
        interrupt_that_is_swallowed()
        with pytest.raises(KeyboardInterrupt):
            check()


def test_one_interrupt_is_raised_once() -> None:
    with remembered_stop() as check:
        interrupt_that_is_swallowed()
        with pytest.raises(KeyboardInterrupt):
            check()
        check()


def test_without_an_interrupt_nothing_is_raised() -> None:
    with remembered_stop() as check:
        check()


def test_an_interrupt_is_raised_at_once_where_nothing_swallows_it() -> None:
    with pytest.raises(KeyboardInterrupt), remembered_stop():
        signal.raise_signal(signal.SIGINT)


def test_an_error_that_an_interrupt_became_is_the_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt) as caught, remembered_stop():
        interrupt_that_is_swallowed()
        raise RuntimeError("Query interrupted")
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_an_error_without_an_interrupt_stays_itself() -> None:
    with pytest.raises(RuntimeError, match="disk"), remembered_stop():
        raise RuntimeError("disk")


def test_the_handler_of_before_comes_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with contextlib.suppress(ValueError), remembered_stop():
        raise ValueError
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_has_no_signals_and_no_handler() -> None:
    handlers = []

    def work() -> None:
        with remembered_stop() as check:
            check()
            handlers.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [before]
