"""The faults that were tried, summed over all processes that tests run in, and said at the end."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # `harness` is for these tests alone

_tried: dict[str, int] = {}


@pytest.hookimpl
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take what a test says that it tried."""
    if report.when == "call":
        for name, value in report.user_properties:
            if name.startswith("faults: "):
                what = name.removeprefix("faults: ")
                _tried[what] = _tried.get(what, 0) + value


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried."""
    if _tried:
        terminalreporter.write_sep("-", "faults tried")
        for what, number in sorted(_tried.items()):
            terminalreporter.write_line(f"{number:>8} {what}")
