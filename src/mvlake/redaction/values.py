"""Values: whether a text that stands where a secret may stand can be one, or is a word, a path, a number, a place to fill in."""

import re

SHORTEST = 8
"""Shorter texts are never taken for secrets: they stand everywhere."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOTHING = _words(
    """true false yes no on off none null nil undefined enabled disabled enable disable default required optional auto always never
    password passwd passphrase pass secret changeme change-me change_me letmein postgres mysql mariadb mongodb sqlite redis root
    admin administrator username user guest anonymous localhost example sample dummy placeholder redacted hidden unknown missing
    test testing development production staging notebook jupyter kerberos basic bearer digest oauth oauth2 token api_key apikey
    accesskey private public string integer object inactive active ..."""
)
_FILL_IN = _words("your replace insert changeme change_me example placeholder dummy redacted fake *** ... _here -here")
_HEAD = 100  # what is longer is filled in by nobody, and takes no longer to look at
_FRAMED = re.compile(r"(?s)[<{\[(%$].*|.*[>}\])]|(.)\1{3,}.{0,4}|[xX]{3,}[xX-]*")
_SAID = re.compile(
    r"(?:my|the|some|an?)[-_ ]?(?:secret|password|token|api[-_]?key|key|passphrase).{0,8}"
    r"|test[-_]?(?:password|token|key|secret).{0,4}"
)
_NAME_OF_ONE = re.compile(
    r"(?i)[a-z0-9]+(?:_[a-z0-9]+)*_(?:key|token|secret|password|credentials?|id|header)"
)  # `aws_secret_access_key`
_NUMBER = re.compile(r"[-+]?[0-9][0-9_.,:eE+\s-]*")
_PATH = re.compile(r"(?:~|\.{1,2})?/[\w@. +-]+(?:/[\w@. +-]*)*|[A-Za-z]:[\\/].*|(?:\./|\.\./).*|(?:unix|file):.*")
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s@]*")
_PIECES = re.compile(r"[-_./:,;@+ ]+")
_PIECE = re.compile(r"[A-Za-z]{0,14}[0-9]{0,2}|[0-9]{1,4}|[A-Z]?[a-z]{1,14}(?:[A-Z][a-z]{1,14}){0,4}")
_LONG = 20


def can_be_secret(value: str) -> bool:
    """True unless a value is too short, a common word, a number, a path, an address, or a place to fill in.

    >>> [can_be_secret(one) for one in ("tr0ub4dor&3", "correcthorse")]
    [True, True]
    >>> [can_be_secret(one) for one in ("disabled", "<your token>", "/etc/ssl/private", "8080", "********", "https://x.org/a")]
    [False, False, False, False, False, False]
    """
    head = value[:_HEAD]
    if len(value) < SHORTEST or is_filler(value) or _NUMBER.fullmatch(head) or _URL.fullmatch(head):
        return False
    return not (_PATH.fullmatch(head) and not any(looks_random(piece) for piece in head.split("/")))


def is_filler(value: str) -> bool:
    """True for a common word, and for a place that somebody or something is to fill in."""
    head = value[:_HEAD].strip().lower()
    if head in _NOTHING or _FRAMED.fullmatch(head) or any(one in head for one in _FILL_IN):
        return True
    return (_SAID.fullmatch(head) or _NAME_OF_ONE.fullmatch(head)) is not None


def looks_random(value: str) -> bool:
    """True for a text that is no words and names joined by signs: it mixes letters and digits, or capitals and small letters.

    >>> [looks_random(one) for one in ("8f14e45fceea167a5a36", "Tr0ub4dor&3", "wJalrXUtnFEMIK7MDENGbPxRfiCY")]
    [True, True, True]
    >>> [looks_random(one) for one in ("keyring.backends.null", "customer_id2", "us-east-1", "HistGradientBoosting")]
    [False, False, False, False]
    """
    value = value[:_HEAD]
    if all(_PIECE.fullmatch(piece) for piece in _PIECES.split(value)):
        return False
    has_digit = any(map(str.isdigit, value))
    return (has_digit and any(map(str.isalpha, value))) or (
        len(value) >= _LONG and value != value.lower() and value != value.upper()
    )
