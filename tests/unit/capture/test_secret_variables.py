"""Secrets that are wrapped as such are found wherever variables hold them, and nothing of the user's is asked."""

import dataclasses
import sys

import pydantic
import pytest

from mvlake.capture.secret_variables import secret_variables
from mvlake.testing.traps import Trap

WORD = pydantic.SecretStr("wr4pped-0ne")


class Settings(pydantic.BaseModel):
    api: pydantic.SecretStr = pydantic.SecretStr("0f-a-field-1")
    raw: pydantic.SecretBytes = pydantic.SecretBytes(b"0f-bytes-22")
    _inner: pydantic.SecretStr = pydantic.PrivateAttr(default=pydantic.SecretStr("0f-private-3"))
    model_config = {"extra": "allow"}


class Own(pydantic.SecretStr):
    pass


@dataclasses.dataclass
class Job:
    settings: Settings
    many: list


def found(**namespace):
    return {(rule.removeprefix("variable."), value) for rule, value in secret_variables(namespace)}


def test_they_are_found_in_containers_models_and_attributes():
    assert found(word=WORD) == {("word", "wr4pped-0ne")}
    assert found(x=[{"deep": (WORD,)}]) == {("deep", "wr4pped-0ne")}
    settings = Settings(more=Own("0f-an-extra-4"))
    fields = {("api", "0f-a-field-1"), ("raw", "0f-bytes-22"), ("_inner", "0f-private-3"), ("more", "0f-an-extra-4")}
    assert found(settings=settings) == fields
    assert found(job=Job(settings, [WORD])) == fields | {("many", "wr4pped-0ne")}
    assert found(password="by-its-name", other="by-no-name") == {("password", "by-its-name")}


def test_a_plain_object_of_the_notebook_is_looked_into(monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "__name__", "__main__")
    kind = type("Client", (), {"__module__": "__main__"})
    client = kind()
    client.login = WORD
    assert found(client=client) == {("login", "wr4pped-0ne")}


def test_what_is_endless_hostile_or_large_ends_soon():
    within = [WORD]
    within.append(within)
    assert found(x=within) == {("x", "wr4pped-0ne")}
    kind = type("Lying", (), {"__module__": "__main__", "__dict__": property(lambda _: pytest.fail("it was asked"))})
    trap = Trap()
    Trap.sprung(trap)
    nothing = found(trap=trap, held=[trap], lying=kind())
    called = Trap.sprung(trap)
    assert (nothing, called) == (set(), [])
    assert len(found(**{f"x{one}": [1] * 100_000 for one in range(100)}, last=[WORD])) <= 1
