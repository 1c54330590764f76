"""Options: what `pytest` is told of mvlake. Every run of a Python that has mvlake loads this module: it imports nothing of ours."""

import pytest

PLUGIN = "mvlake-versions"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options, and what a project's configuration may say in their place."""
    group = parser.getgroup("mvlake", "replay versions of models beside the tests")
    group.addoption("--mvlake", action="store_true", help="replay versions, an item for each thing that is judged")
    group.addoption(
        "--mvlake-refs", action="append", default=[], metavar="REF", help="a version: fraud-detector@production; may be said again"
    )
    group.addoption("--mvlake-lake", metavar="PATH", help="where the lake is, if not where mvlake would look")
    group.addoption("--mvlake-accept", metavar="LEVEL", help="the worst verdict that passes: identical … statistical (numeric)")
    group.addoption("--mvlake-trust", action="store_true", help="replay also versions that you have not made")
    group.addoption("--mvlake-timeout", type=int, default=0, metavar="SECONDS", help="what a cell may take; 0 means any time")
    parser.addini("mvlake_refs", "versions to replay with --mvlake", type="linelist")
    parser.addini("mvlake_lake", "where their lake is", default="")
    parser.addini("mvlake_accept", "the worst verdict that passes", default="numeric")


def pytest_configure(config: pytest.Config) -> None:
    """Load the rest where it is asked for."""
    if config.getoption("mvlake"):
        from mvlake.pytest_plugin.suite import Suite

        config.pluginmanager.register(Suite(config), PLUGIN)
