"""Names of versions, labels and tags: what may stand in them, and what is done with the rest."""

import re

from mvlake.errors import InvalidName

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=/+-]{0,99}")
LATEST = "latest"


def is_name(text: str) -> bool:
    """True when a version or a label may have this name.

    >>> is_name("fraud-detector"), is_name("a/b"), is_name("a..b")
    (True, False, False)
    """
    return bool(_NAME.fullmatch(text)) and ".." not in text


def check_name(text: str, *, existing: tuple[str, ...] = ()) -> str:
    """Return the name, or raise InvalidName with the names that exist."""
    if not is_name(text):
        raise InvalidName("version", text, existing=existing)
    return text


def check_label(text: str, *, existing: tuple[str, ...] = ()) -> str:
    """Return the label without its `@`, or raise InvalidName; `latest` moves by itself and is none."""
    label = text.removeprefix("@")
    if not is_name(label) or label == LATEST:
        raise InvalidName("label", text, existing=existing)
    return label


def check_tag(text: str) -> str:
    """Return the tag, or raise InvalidName; a tag may also hold `=`, `/` and `+`."""
    if not _TAG.fullmatch(text):
        raise InvalidName("tag", text)
    return text


def name_from(text: str) -> str:
    """Return a name made from any text, such as a notebook's file name; empty when nothing of it can stay.

    >>> name_from("Fraud détector (final).ipynb")
    'Fraud-d-tector-final-.ipynb'
    """
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", text).lstrip("._-")
    return re.sub(r"\.{2,}", ".", kept)[:100]
