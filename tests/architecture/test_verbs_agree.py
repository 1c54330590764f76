import inspect
import json
import re
import shlex
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from mvlake.cli import main as cli
from mvlake.errors import InvalidVerb
from mvlake.lake.grammar import explain, parse_line, parse_words, usage
from mvlake.lake.lake import Lake
from mvlake.lake.verbs import BY_NAME, KERNEL_VERBS, VERBS, Kind
from mvlake.magics import ask

REPOSITORY = Path(__file__).parents[2]
DESIGNED = [
    "init",
    "log",
    "show",
    "compare",
    "leaderboard",
    "load",
    "export",
    "checkout",
    "replay",
    "sql",
    "tag",
    "note",
    "metric",
    "param",
    "ignore",
    "corrections",
    "promote",
    "rollback",
    "labels",
    "at",
    "verify",
    "repair",
    "forget",
    "unforget",
    "gc",
    "doctor",
    "push",
    "pull",
    "sync",
    "publish",
    "rebuild",
    "status",
    "help",
]

# A person reads twenty lines; a program asks for everything.
OTHER_DEFAULT = {("log", "limit"): (20, 0)}

every_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
any_verb = pytest.mark.parametrize("verb", [*VERBS, *KERNEL_VERBS.values()], ids=lambda verb: verb.name)


def parameters(verb):
    return {name: one for name, one in inspect.signature(getattr(Lake, verb.name)).parameters.items() if name != "self"}


def may_be_left_out(parameter):
    return parameter.default is not parameter.empty or parameter.kind is parameter.VAR_POSITIONAL


def test_the_table_has_every_verb_of_the_design():
    assert [verb.name for verb in VERBS] == DESIGNED


def test_no_two_verbs_share_a_name():
    assert len(BY_NAME) + len(KERNEL_VERBS) == len({*BY_NAME, *KERNEL_VERBS}) == len(VERBS) + len(KERNEL_VERBS)


@every_verb
def test_a_verb_is_a_method_of_the_lake(verb):
    assert callable(getattr(Lake, verb.name))
    assert inspect.getdoc(getattr(Lake, verb.name))


@every_verb
def test_an_argument_is_a_keyword_of_the_method(verb):
    for argument in verb.arguments:
        assert (argument.name in parameters(verb)) is not argument.is_for_door, argument.name


@every_verb
def test_what_a_method_demands_a_verb_takes(verb):
    said = {argument.name for argument in verb.arguments}
    demanded = {name for name, one in parameters(verb).items() if not may_be_left_out(one)}
    assert demanded <= said


@every_verb
def test_defaults_agree_where_both_state_one(verb):
    for argument in verb.arguments:
        if argument.is_for_door or argument.kind not in (Kind.OPTION, Kind.FLAG):
            continue
        ours = False if argument.kind is Kind.FLAG else argument.default
        theirs = parameters(verb)[argument.name].default
        assert (ours, theirs) == OTHER_DEFAULT.get((verb.name, argument.name), (theirs, theirs)), argument.name


@every_verb
def test_what_may_be_left_out_may_be_left_out_everywhere(verb):
    for argument in verb.arguments:
        if not argument.is_for_door:
            may_be_absent = argument.is_optional or argument.kind in (Kind.MANY, Kind.SPREAD, Kind.OPTION, Kind.EACH, Kind.FLAG)
            assert may_be_absent is may_be_left_out(parameters(verb)[argument.name]), argument.name


@every_verb
def test_options_are_keywords_only(verb):
    for argument in verb.arguments:
        if not argument.is_for_door and argument.kind in (Kind.OPTION, Kind.EACH, Kind.FLAG):
            assert parameters(verb)[argument.name].kind is inspect.Parameter.KEYWORD_ONLY, argument.name


@every_verb
def test_an_example_says_the_same_in_a_notebook_and_in_a_terminal(verb):
    in_notebook = parse_line(verb.example)
    in_terminal = parse_words(shlex.split(verb.example) if verb.name != "sql" else ["sql", verb.example.removeprefix("sql ")])
    assert in_notebook.verb is in_terminal.verb is verb
    assert in_notebook.arguments == in_terminal.arguments
    assert in_notebook.door == in_terminal.door


@every_verb
def test_what_an_example_says_the_method_takes(verb):
    method = getattr(Lake, verb.name)
    is_bound = inspect.ismethod(method) or isinstance(inspect.getattr_static(Lake, verb.name), staticmethod)
    receiver = SimpleNamespace(**{verb.name: inspect.signature(method if is_bound else partial(method, None)).bind})
    assert parse_line(verb.example).on(receiver) is not None


@any_verb
def test_a_verb_has_help(verb):
    assert verb.summary
    assert verb.summary[0].islower()
    assert "\n" not in verb.summary
    assert verb.example.split()[0] == verb.name
    for argument in verb.arguments:
        assert argument.help, argument.name
    text = explain(verb)
    assert usage(verb) in text
    assert verb.summary in text
    for argument in verb.arguments:
        assert argument.help in text


@any_verb
def test_a_verb_stands_in_the_guides(verb):
    found = [
        path.name for path in (REPOSITORY / "docs" / "guides").glob("*.md") if _says(path.read_text(encoding="utf-8"), verb.name)
    ]
    assert found


def _says(text, name):
    return re.search(rf"^\s*(\$ )?(mvlake|%mv|%%mv) {name}\b|`(mvlake|%mv|%%mv) {name}\b", text, re.MULTILINE) is not None


def test_the_notebook_reads_the_same_table():
    assert {**BY_NAME, **KERNEL_VERBS} == ask._VERBS
    assert all(ask._VERBS[verb.name] is verb for verb in VERBS)


@every_verb
def test_the_terminal_explains_every_verb(verb, capsys):
    assert cli.main(["help", verb.name]) == 0
    assert usage(verb) in capsys.readouterr().out


def test_the_terminal_lists_every_verb(capsys):
    assert cli.main(["help", "--json"]) == 0
    shown = json.dumps(json.loads(capsys.readouterr().out))
    for verb in VERBS:
        assert verb.summary in shown


def test_what_only_a_kernel_can_do_is_no_verb_of_the_terminal(capsys):
    for verb in KERNEL_VERBS.values():
        assert not hasattr(Lake, verb.name)
        with pytest.raises(InvalidVerb):
            parse_words([verb.name])
        assert cli.main([verb.name]) == 2
        assert "no verb" in capsys.readouterr().err
