"""Ref: a text that names a version, parsed: `name:v47`, `name:latest`, `name@production`, `name:v47~1`, a digest prefix."""

import re
from dataclasses import dataclass

from mvlake.errors import InvalidRef
from mvlake.records.digest import digest_prefix
from mvlake.records.names import LATEST, is_name

_FORM = re.compile(r"(?P<name>[^:@~]*)(?::(?P<place>[^:@~]*)|@(?P<label>[^:@~]+))?(?:~(?P<back>[0-9]{1,9})?)?")
_NUMBER = re.compile(r"v?([1-9][0-9]{0,11})")


@dataclass(frozen=True, slots=True)
class Ref:
    """A parsed ref. Exactly one of `number`, `label`, `digest` and `is_latest` says which version."""

    name: str = ""
    number: int | None = None
    label: str = ""
    digest: str = ""
    is_latest: bool = False
    back: int = 0

    def __str__(self) -> str:
        if self.digest:
            place = self.digest
        elif self.label:
            place = f"{self.name}@{self.label}"
        else:
            place = f"{self.name}:{LATEST if self.is_latest else f'v{self.number}'}"
        return place + (f"~{self.back}" if self.back else "")


def parse_ref(text: str, *, existing: tuple[str, ...] = ()) -> Ref:
    """Return the parsed ref; InvalidRef, with what exists, when the text cannot name a version.

    A bare name means its latest version; `~` is `~1`.

    >>> str(parse_ref("fraud")), str(parse_ref("fraud:v47~")), str(parse_ref("fraud@production"))
    ('fraud:latest', 'fraud:v47~1', 'fraud@production')
    """
    match = _FORM.fullmatch(text.strip()) if len(text) <= 300 else None
    if match is None:
        prefix = digest_prefix(text.strip())
        if prefix is None:
            raise InvalidRef(text, existing=existing)
        return Ref(digest=prefix)
    back = int(match["back"] or 1) if "~" in text else 0
    name, place, label = match["name"], match["place"], match["label"]
    if name == "b3" and place and digest_prefix(f"b3:{place}"):
        name, place = f"b3:{place}", None
    if label is not None:
        if (name and not is_name(name)) or not is_name(label):
            raise InvalidRef(text, existing=existing)
        return Ref(name=name, label=label, back=back) if label != LATEST else Ref(name=name, is_latest=True, back=back)
    if place is None:
        prefix = digest_prefix(name)
        if prefix is not None and name not in existing:
            return Ref(digest=prefix, back=back)
    if not is_name(name):
        raise InvalidRef(text, existing=existing)
    if place is None or place == LATEST:
        return Ref(name=name, is_latest=True, back=back)
    number = _NUMBER.fullmatch(place)
    if number is None:
        raise InvalidRef(text, existing=existing)
    return Ref(name=name, number=int(number[1]), back=back)
