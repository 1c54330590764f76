"""URLs: how they are told without what lets somebody in."""

import re
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

REMOTE = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "hf", "hdfs", "oss", "webhdfs", "dbfs")
"""Schemes whose readers are often native: Python does not hear of them."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s\"'<>]{1,2000}")
_KNOWN = ("http", "https", "ftp", "ftps", "sftp", *REMOTE)
_SECRET = re.compile(
    r"(?i)token|key|sig|secret|pass|pwd|auth|cred|session|jwt|code|access|x-amz|x-goog|^(?:se|sp|sv|sr|st|spr|skoid|sktid)$"
)
_LONGEST_VALUE = 40
_LONGEST = 500
_READS = re.compile(
    r"(?i)(?:\b(?:read|scan|open|load|from|get|fetch|retrieve|urlretrieve|dataset)\w*\(\s*[\[(]?\s*[rfb]?[\"']+|from\s+[\"'])$"
)


def url_in(text: str) -> str | None:
    """Return the URL that a whole text is, None when it is none.

    >>> url_in("https://a.org/x.csv"), url_in("see https://a.org")
    ('https://a.org/x.csv', None)
    """
    match = _URL.fullmatch(text.strip())
    return match[0] if match is not None and match[0].partition("://")[0].lower() in _KNOWN else None


def public_url(url: str) -> str:
    """Return a URL without user, password and fragment, and with dots for what of its query may be a secret.

    >>> public_url("https://ana:pw@a.org:8080/x.csv?table=sales&token=abc#top")
    'https://a.org:8080/x.csv?table=sales&token=…'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
        query = "&".join(f"{quote(name)}={_told(name, value)}" for name, value in parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return url.partition("?")[0].partition("#")[0].rpartition("@")[2][:_LONGEST]
    return urlunsplit((parts.scheme, f"{host}{port}", parts.path, query, ""))[:_LONGEST]


def host_of(url: str) -> str:
    """Return a URL's host in lower case, "" when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_read_natively(url: str, source: str) -> bool:
    """True when a cell's text gives a URL to what seems to read it, and Python would not hear of that."""
    if url.partition("://")[0].lower() in REMOTE:
        return True
    at = source.find(url)
    return at >= 0 and _READS.search(source[max(at - 80, 0) : at]) is not None


def _told(name: str, value: str) -> str:
    return "…" if _SECRET.search(name) or len(value) > _LONGEST_VALUE else quote(value)
