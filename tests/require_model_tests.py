"""`pytest -p tests.require_model_tests`: a run in which no test with real weights passed is a failure."""

from __future__ import annotations

import pytest


class _Count:
    passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed and "model" in report.keywords

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self.passed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(f"{self.passed} tests ran real Qwen weights")
        if not self.passed:
            terminalreporter.write_line("FAILED: no test marked `model` passed", red=True)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Count())
