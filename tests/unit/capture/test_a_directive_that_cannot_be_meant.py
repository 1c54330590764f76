import pytest

from mvlake.capture.directive import strip_directive
from mvlake.errors import InvalidName, InvalidVerb
from mvlake.lake.directive import USAGE, parse_directive
from mvlake.records.source import DIRECTIVE


@pytest.mark.parametrize("line", ["fraud -x", "fraud detector", "fraud -m", '"fraud'])
def test_what_is_wrong_is_said_once(line):
    with pytest.raises(InvalidVerb) as raised:
        parse_directive(line)
    assert raised.value.message.count(DIRECTIVE) == 1
    assert "\n" not in raised.value.message
    assert str(raised.value).count("Hint:") == 1
    assert raised.value.hint == USAGE


@pytest.mark.parametrize("line", ["a/b", "..", "😀", "x" * 500])
def test_a_name_that_is_none_is_refused(line):
    with pytest.raises(InvalidName):
        parse_directive(line)


@pytest.mark.parametrize("line", ["fraud -x", "a/b"])
def test_such_a_line_stays_in_the_cell(line):
    lines = [f"{DIRECTIVE} {line}\n", "x = 1\n"]
    assert strip_directive(lines) == lines
