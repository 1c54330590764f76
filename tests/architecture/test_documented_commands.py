import re
import shlex
from pathlib import Path

import pytest

from mvlake.errors import MvlakeError
from mvlake.lake.directive import parse_directive
from mvlake.lake.grammar import parse_line, parse_words
from mvlake.lake.verbs import BY_NAME, KERNEL_VERBS
from mvlake.records.source import DIRECTIVE

REPOSITORY = Path(__file__).parents[2]
PAGES = [
    *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/errors.md")),
    *sorted((REPOSITORY / "docs" / "guides").glob("*.md")),
]
VERBS = {**BY_NAME, **KERNEL_VERBS}
STARTS = ("mvlake ", "%mv", "%%mv ", f"{DIRECTIVE} ", "python -m mvlake ", "!mvlake ")
OF_THE_PROGRAM = {"--version", "--help"}


def commands(text):
    """Return every command that a page shows: lines of fenced blocks, and inline code, that begin as one."""
    fenced = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^ *```[^\n]*\n.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL))
    lines = [
        line.strip().removeprefix("$ ").removeprefix("> ") for block in fenced for line in block.replace("\\\n", " ").splitlines()
    ]
    return [one for one in (*lines, *(one.strip() for one in inline)) if one.startswith(STARTS)]


def check(command):
    """Parse a command as the surface that it is written for would; MvlakeError when it would not be understood."""
    if command.startswith(DIRECTIVE):
        return parse_directive(command.removeprefix(DIRECTIVE))
    if command.startswith("%"):
        line = command.lstrip("%").removeprefix("mv").strip()
        if is_for_the_shell(line):
            return None
        if is_mention(line.split()):
            return None
        return parse_line(line, verbs=VERBS)
    words = until_operator(command.removeprefix("!").removeprefix("python -m "))[1:]
    if words[0] in OF_THE_PROGRAM or is_mention(words):
        return None
    return parse_words(words)


def is_for_the_shell(line):
    """True for what `%mv` hands on to the shell's mv: file names."""
    return bool(line) and line.split()[0] not in VERBS and bool(re.search(r"[./]", line.split()[0]))


def is_mention(words):
    """True when a page speaks of the verb itself, without its arguments."""
    return len(words) == 1 and words[0] in VERBS


def until_operator(command):
    """Return the words of a shell command, up to a comment, a pipe or whatever else ends it."""
    found = shlex.shlex(command, posix=True, punctuation_chars=True)
    found.whitespace_split = True
    words = []
    for word in found:
        if set(word) <= set("();<>|&"):
            break
        words.append(word)
    return words


def documented():
    return [(page, command) for page in PAGES for command in commands(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "command"), documented(), ids=lambda value: getattr(value, "name", value))
def test_a_documented_command_is_understood(page, command):
    check(command)


def test_commands_are_found():
    assert len(documented()) > 60
    fence = "```sh\n$ mvlake log --json | head\nmvlake replay a:v1 \\\n  --junit x.xml > out  # see\nls\n```"
    assert commands(f"Say `mvlake verify`.\n\n{fence}\n`%mv a.csv b.csv`") == [
        "mvlake log --json | head",
        "mvlake replay a:v1    --junit x.xml > out  # see",
        "mvlake verify",
        "%mv a.csv b.csv",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        "mvlake lgo",
        "mvlake log --newest",
        "mvlake export",
        "%mv promote a:v1",
        "%mv atuo on",
        "%%track a/b",
        "mvlake auto on",
        "%mv show",
    ],
)
def test_a_command_that_nobody_understands_is_found_out(wrong):
    if is_mention(wrong.split()[1:]):
        wrong = f"{wrong} --json"
    with pytest.raises(MvlakeError):
        check(wrong)
