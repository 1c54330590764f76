"""Grammar: a line of words becomes a verb with its arguments. `%mv` and the command line read the same way."""

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from mvlake.errors import InvalidVerb
from mvlake.lake.verbs import BY_NAME, Argument, Kind, Verb

STDOUT = "-"
"""What stands for the output of a command, where a file may be named."""


_UNBRACKETED = str.maketrans("", "", "[]")


@dataclass(frozen=True, slots=True)
class Call:
    """A verb and its arguments: those for the `Lake` method, those for the door, and what every verb takes."""

    verb: Verb
    arguments: dict[str, Any] = field(default_factory=dict)
    door: dict[str, Any] = field(default_factory=dict)
    lake: str | None = None
    json: str | None = None  # where the document goes: a file, or STDOUT
    html: str | None = None

    @property
    def is_json(self) -> bool:
        """True when the document takes the place of the text."""
        return self.json == STDOUT

    def on(self, receiver: Any, **more: Any) -> Any:
        """Return what the receiver answers to this verb; `more` are keywords that no words say."""
        each = [one.name for one in self.verb.arguments if one.kind is Kind.SPREAD]
        options = {name: value for name, value in self.arguments.items() if name not in each}
        return getattr(receiver, self.verb.name)(*(word for name in each for word in self.arguments[name]), **options, **more)


class _Parser(argparse.ArgumentParser):
    """A parser that raises instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        raise InvalidVerb(f"{self.prog}: {message}", usage=self.format_usage().strip())


def parse_words(words: Sequence[str]) -> Call:
    """Return the call that a list of words says; InvalidVerb, with the usage, when it says none."""
    verb = verb_named(words[0]) if words else BY_NAME["help"]
    return _call(verb, list(words[1:]))


def parse_line(line: str, body: str = "", *, verbs: Mapping[str, Verb] = BY_NAME) -> Call:
    """Return the call that a line of text says; a `rest` argument is taken as it stands, quotes and all.

    >>> parse_line("sql select 'a b'").arguments
    {'query': "select 'a b'"}
    """
    name, _, tail = line.strip().partition(" ")
    verb = verb_named(name, verbs) if name else BY_NAME["help"]
    if not any(argument.kind is Kind.REST for argument in verb.arguments):
        return _call(verb, _split(tail))
    before = sum(argument.kind is Kind.POSITIONAL for argument in verb.arguments)
    tail = tail.strip()
    words: list[str] = []
    valued = {"--lake", "--html", *(f"--{_option(one)}" for one in verb.arguments if one.kind is Kind.OPTION)}
    while tail and (len([word for word in words if not word.startswith("--")]) < before or tail.startswith("--")):
        word, _, tail = tail.partition(" ")
        words.append(word)
        following, _, after = tail.lstrip().partition(" ")
        if word in valued or (word == "--json" and is_target(following)):
            words.append(following)
            tail = after
        tail = tail.lstrip()
    rest = _unquoted("\n".join(part for part in (tail, body) if part))
    return _call(verb, [*words, *([rest] if rest else [])])


def verb_named(name: str, verbs: Mapping[str, Verb] = BY_NAME) -> Verb:
    """Return the verb of this name; InvalidVerb with those there are."""
    if name in verbs:
        return verbs[name]
    near = [verb for verb in verbs if verb.startswith(name[:2])] if name else []
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    raise InvalidVerb(f'no verb "{name[:40]}"{meant}', usage=f"the verbs are {', '.join(verbs)}")


def is_target(word: str) -> bool:
    """True for what says, right behind `--json`, where the document goes: `-`, or a file named as one. `--json=FILE` always does.

    >>> is_target("-"), is_target("ci/verdict.json"), is_target("fraud:v3")
    (True, True, False)
    """
    return word == STDOUT or word.endswith(".json")


def usage(verb: Verb, *, program: str = "mvlake") -> str:
    """Return the verb's usage line.

    >>> usage(BY_NAME["show"])
    'mvlake show REF [--slice] [--history]'
    """
    return " ".join([program, verb.name, *(_written(argument) for argument in verb.arguments)])


def explain(verb: Verb, *, program: str = "mvlake") -> str:
    """Return the verb's whole help text."""
    lines = [usage(verb, program=program), "", f"  {verb.summary}", ""]
    lines += [f"  {_written(argument).translate(_UNBRACKETED):<18} {argument.help}" for argument in verb.arguments]
    lines += ["", f"  for example: {program} {verb.example}"]
    return "\n".join(lines)


def _written(argument: Argument) -> str:
    word = _option(argument).upper()
    match argument.kind:
        case Kind.FLAG:
            return f"[--{_option(argument)}]"
        case Kind.OPTION | Kind.EACH:
            short = f"-{argument.short}|" if argument.short else ""
            return f"[{short}--{_option(argument)} {word}]{' …' * (argument.kind is Kind.EACH)}"
        case Kind.MANY | Kind.SPREAD:
            return f"[{word} …]"
        case Kind.SOME:
            return f"{word} …"
        case _:
            return f"[{word}]" if argument.is_optional else word


def _joined(verb: Verb, words: list[str]) -> list[str]:
    """Return the words with `--rows -100:` as one: argparse would take such a value for an option; and `--json` with its target."""
    valued = {f"--{_option(one)}" for one in verb.arguments if one.kind is Kind.OPTION}
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in valued and word[:1] == "-" and word[1:2].isdigit():
            joined[-1] = f"{joined[-1]}={word}"
        elif joined and joined[-1] == "--json" and is_target(word):
            joined[-1] = f"--json={word}"
        else:
            joined.append(word)
    return [f"--json={STDOUT}" if word == "--json" else word for word in joined]


def _option(argument: Argument) -> str:
    """Return the word of an argument: `as` of the keyword `as_`, which Python has for itself."""
    return argument.name.rstrip("_").replace("_", "-")


def _call(verb: Verb, words: list[str]) -> Call:
    parser = _Parser(prog=verb.name, usage=usage(verb), add_help=False, allow_abbrev=False)
    for argument in verb.arguments:
        _declare(parser, argument)
    parser.add_argument("--lake")
    parser.add_argument("--json")
    parser.add_argument("--html")
    found = vars(parser.parse_intermixed_args(_joined(verb, words)))
    for argument in verb.arguments:
        if argument.kind is Kind.REST:
            found[argument.name] = " ".join(found[argument.name])
        elif argument.kind is Kind.EACH:
            found[argument.name] = found[argument.name] or []
    for argument in verb.arguments:
        beside = next((other for other in argument.excludes if found[other]), None) if found[argument.name] else None
        if beside is not None:
            reason = f"--{_option(argument)} and --{beside.replace('_', '-')} do not go together"
            raise InvalidVerb(reason, usage=f"leave out one of them: `help {verb.name}`")
    return Call(
        verb,
        {one.name: found[one.name] for one in verb.arguments if not one.is_for_door},
        {one.name: found[one.name] for one in verb.arguments if one.is_for_door},
        lake=found["lake"],
        json=found["json"],
        html=found["html"],
    )


def _declare(parser: argparse.ArgumentParser, argument: Argument) -> None:
    many = {Kind.MANY: "*", Kind.SPREAD: "*", Kind.SOME: "+", Kind.REST: "+"}.get(argument.kind)
    names = [f"-{argument.short}"] * bool(argument.short) + [f"--{_option(argument)}"]
    kind = int if argument.is_number or isinstance(argument.default, int) else str
    if argument.kind is Kind.FLAG:
        parser.add_argument(*names, dest=argument.name, action="store_true")
    elif argument.kind is Kind.OPTION:
        parser.add_argument(*names, dest=argument.name, default=argument.default, type=kind)
    elif argument.kind is Kind.EACH:
        parser.add_argument(*names, dest=argument.name, action="append")
    else:
        parser.add_argument(argument.name, nargs=many or ("?" if argument.is_optional else None), default=argument.default)


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InvalidVerb(f"{error}: {text[:60]}", usage="quotes come in pairs") from error


def _unquoted(text: str) -> str:
    """Return a text without the pair of quotes around the whole of it, if there is one."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        return text[1:-1]
    return text
