from dataclasses import replace

from mvlake.compare.redactions import OTHER, SAME, compare_redactions
from mvlake.compare.versions import compare
from mvlake.records.redaction import Redaction


def version(build, *redacted):
    return replace(build.dossier("x").version, redacted=redacted)


def told(build, a, b):
    return [(one.place, one.column, one.change.value, one.a_times, one.b_times, one.note) for one in compare_redactions(a, b)]


def test_marks_tell_whether_equal_secrets_stood_there(build):
    a = version(build, Redaction("github-token", "cell 1", 2, hashes=("11112222",)), Redaction("named-value", "params", 1))
    same = version(build, Redaction("github-token", "cell 1", 3, hashes=("11112222",)), Redaction("named-value", "params", 1))
    other = version(build, Redaction("github-token", "cell 1", 2, hashes=("33334444",)), Redaction("github-token", "message", 1))
    assert told(build, a, a) == [("cell 1", "", "unchanged", 2, 2, SAME), ("params", "", "unchanged", 1, 1, "")]
    assert told(build, a, same)[0] == ("cell 1", "", "changed", 2, 3, SAME)
    assert told(build, a, other) == [
        ("cell 1", "", "changed", 2, 2, OTHER),
        ("message", "", "added", 0, 1, ""),
        ("params", "", "removed", 1, 0, ""),
    ]


def test_hidden_columns_are_compared_by_rule_and_do_not_make_versions_differ(build):
    a = version(build, Redaction("column-hash", "output df", 9, "email"))
    b = version(build, Redaction("column-mask", "output df", 9, "email"))
    assert [row[2] for row in told(build, a, b)] == ["removed", "added"]
    assert compare(replace(build.dossier("x"), version=a), replace(build.dossier("x"), version=b)).is_empty
