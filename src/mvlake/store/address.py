"""Address: where a lake lies in a bucket, as it is typed and shown. It never holds a credential."""

import re
from dataclasses import dataclass

from mvlake.errors import Invalid

_ANY_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/{1,3}(.*)", re.DOTALL)  # a Path makes one slash of two
_SCHEMES = ("s3", "gs", "az")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._=+@-]{0,254}")
_HINT = "s3://bucket/folder, gs://bucket/folder or az://container/folder"


@dataclass(frozen=True, slots=True)
class Address:
    """A bucket, and the prefix that all keys of the lake begin with."""

    scheme: str
    bucket: str
    prefix: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")


def address_of(text: object) -> Address | None:
    """Return the address that a text is, None when it is no URL but a path.

    Raises Invalid for a URL of another kind, and for one that carries a user, a password or a query: these would be shown.

    >>> str(address_of("s3://team/lakes/fraud/")), address_of("C:/lakes")
    ('s3://team/lakes/fraud', None)
    """
    found = _ANY_URL.fullmatch(str(text))
    if found is None:
        return None
    scheme, rest = found[1].lower(), found[2]
    if scheme not in _SCHEMES:
        raise Invalid(f"{scheme}:// is nowhere that a lake can lie", hint=f"a folder, {_HINT}")
    if any(mark in rest for mark in "@?#") and not _is_plain(rest):
        raise Invalid(
            f"an address of a lake is {scheme}://bucket/folder and nothing more: credentials come from the environment",
            hint=_HINT,
        )
    if not _is_plain(rest):
        raise Invalid(f"a bucket and folders were wanted after {scheme}://, of letters, digits and ._=+@-", hint=_HINT)
    bucket, _, prefix = rest.strip("/").partition("/")
    return Address(scheme, bucket, prefix)


def _is_plain(rest: str) -> bool:
    bucket, *segments = rest.strip("/").split("/")
    return bool(_HOST.fullmatch(bucket)) and all(_SEGMENT.fullmatch(one) and ".." not in one for one in segments)
