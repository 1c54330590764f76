"""Secret names: whether what a variable, a key or a column is called says that its value is a secret."""

import re
from functools import lru_cache
from itertools import pairwise

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN = _words(
    "password passwd passwort passphrase pwd secret secrets credential credentials creds apikey authtoken accesstoken secretkey"
)
_PAIRS = _words(
    """api-key access-key private-key secret-key account-key signing-key encryption-key master-key service-key subscription-key
    app-key application-key consumer-key storage-key ssh-key pass-word pass-phrase auth-token auth-key auth-header session-key
    connection-string conn-str conn-string bearer-token session-cookie client-key license-key"""
)
# Of language models, not of logins.
_TOKENS = _words(
    """num n max min total count pad eos bos unk mask sep cls special start stop end begin first last next prev word sub text image
    audio video per each new input output prompt completion memory current cur decoder encoder control padding separator"""
)
# What comes behind tells something about the secret, not the secret: `password_field`, `token_type`, `secret_name`.
_ABOUT = _words(
    """field fields type types name names url uri path file filename dir length len size count id ids column columns col cols env
    var variable param parameter label labels header format class policy reset hint prompt strength score index idx version expiry
    expires ttl age date enabled required valid is has manager store provider source scope location arn prefix suffix pattern
    regex hash hashed hashes digest salt error errors used changed created updated message"""
)


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """True when a name says that what it names is a secret.

    >>> [is_secret_name(one) for one in ("db_password", "apiKey", "HF_TOKEN", "auth_token", "clientSecret")]
    [True, True, True, True, True]
    >>> [is_secret_name(one) for one in ("num_tokens", "tokenizer", "content_key", "password_field", "pad_token", "key", "author")]
    [False, False, False, False, False, False, False]
    """
    words = [word.lower() for word in _WORDS.findall(name[:200])]
    while words and words[-1].isdigit():
        words.pop()
    if not words or words[-1] in _ABOUT:
        return False
    if not _PLAIN.isdisjoint(words):
        return True
    if any("-".join(pair) in _PAIRS for pair in pairwise(words)):
        return True
    if words[-1] == "token":
        return _TOKENS.isdisjoint(words[:-1])
    return words[-1] in ("dsn", "pat") and len(words) > 1
