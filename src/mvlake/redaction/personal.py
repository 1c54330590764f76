"""Personal: whether a text, or what a column is called, tells somebody's name, address, number or account.

A guess by form and by name, made for what profiles show of data; nothing is called safe by it. Check digits are those of ISO 13616
(IBAN, remainder 97 of ISO 7064) and of ISO/IEC 7812-1 annex B (cards: Luhn); areas that no social security number has are those
of the Social Security Administration.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise

from mvlake.redaction.secret_names import is_secret_name

_LONGEST = 2000  # characters of a text that are looked at
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.)+\w{2,}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![0-9.])[2-6](?:[ -]?[0-9]){12,18}(?![0-9.])")
_SSN = re.compile(r"(?<![0-9-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])")
_PHONE = re.compile(
    r"(?<![\w+.-])(?:(?:\+|00)[1-9](?:[ ./()-]{0,2}[0-9]){6,14}|\(?0[1-9][0-9]{1,4}\)?[ /-](?:[ -]?[0-9]){4,9}"
    r"|\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4})(?![\w-])"
)
_IPV4 = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")
_IPV6 = re.compile(r"(?<![\w:])[0-9A-Fa-f:]{2,39}(?![\w:])")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\u00e0-\u024f]+|[0-9]+")
_COLONS = 2


def _is_iban(text: str) -> bool:
    packed = text.replace(" ", "").upper()
    moved = packed[4:] + packed[:4]
    return moved.isascii() and moved.isalnum() and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _is_card(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdigit()][::-1]
    doubled = (2 * one - 9 * (one > 4) for one in digits[1::2])
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_v6(text: str) -> bool:
    return text.count(":") >= _COLONS and _is_address(text)


_FORMS: tuple[tuple[str, str, re.Pattern[str], Callable[[str], bool] | None], ...] = (
    # what it is, a sign without which it is none, its form, its check
    ("e-mail addresses", "@", _EMAIL, None),
    ("IBANs", "", _IBAN, _is_iban),
    ("card numbers", "", _CARD, _is_card),
    ("social security numbers", "-", _SSN, None),
    ("IP addresses", ".", _IPV4, _is_address),
    ("IP addresses", ":", _IPV6, _is_v6),
    ("telephone numbers", "", _PHONE, None),
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SINGLE = {
    "names": """name surname firstname lastname fullname forename givenname familyname maidenname middlename nickname username
        vorname nachname familienname nom prenom apellido apellidos nombre cognome holder""",
    "e-mail addresses": "email mail emails mails",
    "telephone numbers": "phone phones telephone mobile telefon tel handy fax cellphone msisdn",
    "addresses": "street strasse address addresses adresse anschrift hausnummer",
    "accounts": "iban bic swift kontonummer creditcard cardnumber",
    "identity numbers": """ssn passport passportnumber nino steuernummer sozialversicherungsnummer taxid dob birthdate birthday
        geburtsdatum""",
    "IP addresses": "ip ipaddress ipv4 ipv6",
}
_KINDS = {word: kind for kind, words in _SINGLE.items() for word in words.split()}
# Of whom, and not of what: `customer_name`, `product_name`.
_WHOSE = _words(
    """customer client patient employee person user member owner contact student teacher doctor author buyer seller first last full
    middle maiden family given sur nick login display account card holder beneficiary applicant legal birth"""
)
_PAIRS = {
    ("card", "number"): "card numbers",
    ("account", "number"): "accounts",
    ("social", "security"): "identity numbers",
    ("passport", "number"): "identity numbers",
    ("tax", "id"): "identity numbers",
    ("national", "id"): "identity numbers",
    ("date", "birth"): "identity numbers",
    ("birth", "date"): "identity numbers",
    ("e", "mail"): "e-mail addresses",
    ("credit", "card"): "card numbers",
}
# What comes behind says something about it, not what it is: `email_count`, `ip_version`.
_ABOUT = _words("count counts len length size type kind verified valid flag version domain share ratio score missing present")


def personal_kinds(text: str) -> frozenset[str]:
    """Return what a text looks like, or holds, that belongs to somebody.

    >>> sorted(personal_kinds("mail ana@example.org or +49 170 1234567"))
    ['e-mail addresses', 'telephone numbers']
    >>> personal_kinds("2024-03-01 10:00"), personal_kinds("v1.2.3")
    (frozenset(), frozenset())
    """
    text = text[:_LONGEST]
    found = set()
    for kind, sign, form, check in _FORMS:
        if kind not in found and sign in text and any(check is None or check(one[0]) for one in form.finditer(text)):
            found.add(kind)
    return frozenset(found)


def share_of_kinds(texts: Iterable[str]) -> dict[str, float]:
    """Return for each kind that was found the share of the texts in which it was."""
    looked, counts = 0, dict[str, int]()
    for text in texts:
        looked += 1
        for kind in personal_kinds(text):
            counts[kind] = counts.get(kind, 0) + 1
    return {kind: count / looked for kind, count in counts.items()}


@lru_cache(maxsize=4096)
def personal_name(name: str) -> str:
    """Return what a column holds by what it is called, that belongs to somebody or is a secret; nothing for most.

    >>> [personal_name(one) for one in ("last_name", "customerName", "E-Mail", "cardNumber", "api_key")]
    ['names', 'names', 'e-mail addresses', 'card numbers', 'secrets']
    >>> [personal_name(one) for one in ("product_name", "name_length", "amount", "zip", "tip", "address_count")]
    ['', '', '', '', '', '']
    """
    if is_secret_name(name):
        return "secrets"
    words = [word.lower() for word in _PARTS.findall(name[:200])]
    while words and words[-1].isdigit() and len(words) > 1:
        words.pop()
    if not words or words[-1] in _ABOUT:
        return ""
    for first, second in pairwise(words):
        if (first, second) in _PAIRS:
            return _PAIRS[first, second]
    if words[-1] == "name" and len(words) > 1 and _WHOSE.isdisjoint(words[:-1]):
        return ""
    return next((_KINDS[word] for word in reversed(words) if word in _KINDS), "")
