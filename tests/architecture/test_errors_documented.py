import inspect
import re
from pathlib import Path

import pytest

from mvlake import errors
from mvlake.errors import Code, MvlakeError
from mvlake.lake.grammar import parse_words
from mvlake.lake.verbs import BY_NAME

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"

# Programs match on these for ever: a line may be added at the end, none may change or go.
PINNED = [
    "version-not-found",
    "artifact-not-found",
    "label-not-found",
    "lake-not-found",
    "invalid-name",
    "invalid-ref",
    "invalid-time",
    "invalid-query",
    "invalid-verb",
    "ambiguous-ref",
    "ambiguous-artifact",
    "untrusted-artifact",
    "read-only-lake",
    "nothing-to-roll-back",
    "commit-conflict",
    "no-handler",
    "cannot-fingerprint",
    "missing-library",
    "damaged-object",
    "missing-object",
    "damaged-record",
    "damaged-lake",
    "format-too-new",
    "protocol-too-new",
    "cannot-replay",
    "invalid",
    "refused",
    "conflict",
    "unreachable",
    "untrusted-code",
    "nothing-to-replay",
    "gate-closed",
    "metric-not-found",
]

BRANCHES = {
    errors.NotFound: KeyError,
    errors.Invalid: ValueError,
    errors.Ambiguous: ValueError,
    errors.Refused: PermissionError,
    errors.Conflict: None,
    errors.Unsupported: TypeError,
    errors.Damaged: None,
    errors.TooNew: None,
    errors.ReplayFailed: None,
    errors.Unreachable: ConnectionError,
}

# What is left to do about these is not a thing to type.
WITHOUT_HINT = {errors.CannotFingerprint, errors.CannotReplay, errors.Conflict, errors.Invalid, errors.Refused}


def concrete():
    found = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, MvlakeError)]
    return sorted((kind for kind in found if "code" in vars(kind)), key=lambda kind: kind.__name__)


def made(kind, **given):
    """Return an error of this kind, made from facts of the types that its constructor names."""
    facts = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        if name in given:
            facts[name] = given[name]
        elif parameter.annotation is int:
            facts[name] = 7
        elif parameter.annotation is str and parameter.default is parameter.empty:
            facts[name] = "fraud"
        elif parameter.default is parameter.empty:
            facts[name] = ["fraud:v1", "fraud:v2"]
    return kind(**facts)


def rows():
    """Return the rows of the tables of docs/errors.md: code, class, builtin, meaning, what to do."""
    found = [line.strip().strip("|").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in found]


every_error = pytest.mark.parametrize("kind", concrete(), ids=lambda kind: kind.__name__)


def test_every_error_has_one_row():
    assert sorted(row[1] for row in rows()) == sorted(f"`{kind.__name__}`" for kind in concrete())


def test_rows_are_whole():
    assert rows()
    for row in rows():
        assert len(row) == 5, row
        assert all(row), row


@every_error
def test_a_row_says_the_code_and_the_builtin(kind):
    [row] = [row for row in rows() if row[1] == f"`{kind.__name__}`"]
    [builtin] = [builtin for branch, builtin in BRANCHES.items() if issubclass(kind, branch)]
    assert row[0] == f"`{kind.code.value}`"
    assert row[2] == (f"`{builtin.__name__}`" if builtin else "none")


def test_codes_are_only_ever_added():
    assert [code.value for code in Code] == PINNED


def test_every_code_belongs_to_one_class():
    assert sorted(kind.code for kind in concrete()) == sorted(Code)


def test_abstract_errors_are_the_branches():
    found = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, MvlakeError)}
    # `Conflict`, `Invalid`, `Refused` and `Unreachable` are both: a branch, and what is raised where no class of it says more.
    assert found - set(concrete()) == {MvlakeError, *BRANCHES} - {
        errors.Conflict,
        errors.Invalid,
        errors.Refused,
        errors.Unreachable,
    }


def test_a_row_stands_under_its_branch():
    branch = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## `"):
            branch = line.split("`")[1]
        elif line.startswith("| `"):
            kind = getattr(errors, line.split("`")[3])
            assert issubclass(kind, getattr(errors, branch)), kind


@every_error
def test_a_caller_catches_the_builtin_that_they_expect(kind):
    [(branch, builtin)] = [item for item in BRANCHES.items() if issubclass(kind, item[0])]
    error = made(kind)
    assert isinstance(error, (branch, MvlakeError))
    assert builtin is None or isinstance(error, builtin)


@every_error
def test_a_message_is_one_line(kind):
    error = made(kind)
    assert error.message
    assert "\n" not in error.message
    assert error.message == error.message.strip()


@every_error
def test_an_error_reads_as_its_message_and_hint_without_quotes_around(kind):
    error = made(kind)
    assert str(error) == error.message + (f"\nHint: {error.hint}" if error.hint else "")


@every_error
def test_a_hint_is_one_line_to_act_on(kind):
    error = made(kind)
    assert bool(error.hint) is (kind not in WITHOUT_HINT)
    assert "\n" not in error.hint
    for command in re.findall(r"`([^`]+)`", error.hint):
        words = command.removeprefix("mvlake ").split()
        if len(words) > 1 or command.startswith("mvlake "):
            parse_words(words)
        else:
            assert words[0] in BY_NAME, command


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (errors.VersionNotFound, "ref"),
        (errors.InvalidRef, "ref"),
        (errors.AmbiguousRef, "ref"),
        (errors.InvalidName, "name"),
        (errors.InvalidTime, "text"),
        (errors.ArtifactNotFound, "name"),
        (errors.LabelNotFound, "label"),
    ],
)
@pytest.mark.parametrize("hostile", ["two\nlines", "\x1b[31mred", "x" * 5000, "\u202ereversed", "\ud800"])
def test_what_somebody_typed_cannot_break_the_line(kind, name, hostile):
    message = made(kind, **{name: hostile}).message
    assert message.isprintable()
    assert len(message) < 400


@every_error
def test_facts_are_attributes(kind):
    error = made(kind)
    for name in set(inspect.signature(kind).parameters) - {"wanted"}:
        assert hasattr(error, name), name
