"""Credential files: the secrets that well-known files of a user hold. Their texts are given; nothing is read here."""

import re
from collections.abc import Iterator

from mvlake.redaction.secret_names import is_secret_name
from mvlake.redaction.values import SHORTEST

FILES = (
    ".netrc",
    "_netrc",
    ".pypirc",
    ".git-credentials",
    ".config/git/credentials",
    ".aws/credentials",
    ".cache/huggingface/token",
    ".cache/huggingface/stored_tokens",
    ".huggingface/token",
    ".kaggle/kaggle.json",
    ".config/kaggle/kaggle.json",
    ".docker/config.json",
    ".databrickscfg",
    ".snowflake/config.toml",
    ".config/snowflake/config.toml",
    ".snowsql/config",
    ".npmrc",
    ".pgpass",
    ".my.cnf",
    ".config/wandb/settings",
    ".config/openai/auth.json",
    ".mc/config.json",
    ".config/rclone/rclone.conf",
    ".config/gcloud/application_default_credentials.json",
    ".config/gh/hosts.yml",
)
"""Where they lie below a home folder."""

PROJECT_FILES = (".env", ".env.local", ".envrc", ".streamlit/secrets.toml", "secrets.toml", ".dvc/config.local")
"""Where they lie in a project."""

MOST = 1 << 20
"""A larger file is not read."""

_NETRC = re.compile(r"\b(?:password|account)\s+(\S+)")
_PAIR = re.compile(
    r"""(?m)(?:^|[\s,{])(?:export\s+)?["']?([\w./:@-]{2,120}?)["']?\s*[=:]\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"',}#][^\n"',}]*))"""
)
_NPM = re.compile(r"/:_(?:authToken|password|auth)\s*=\s*(\S+)")
_USERINFO = re.compile(r"://[^\s:/@]*:([^\s/@]+)@")


def secrets_of(path: str, text: str) -> Iterator[tuple[str, str]]:
    r"""Yield (name, value) of what a file keeps secret; the name is that of the file.

    >>> list(secrets_of(".netrc", "machine api.example.org login ana password s3cr3t-of-ana"))
    [('netrc', 's3cr3t-of-ana')]
    >>> list(secrets_of(".env", "MODE=fast\nexport DB_PASSWORD='correct horse'"))
    [('env', 'correct horse')]
    """
    name = path.rpartition("/")[2].strip("._") or path
    for value in _values(path, text):
        if len(value) >= SHORTEST:
            yield name, value


def _values(path: str, text: str) -> Iterator[str]:
    if path.endswith("netrc"):
        yield from _NETRC.findall(text)
    elif path.endswith("/token"):
        yield text.strip()
    elif path.endswith(".pgpass"):
        yield from (line.split(":", 4)[4].strip() for line in text.splitlines() if line.count(":") >= 4)
    yield from _NPM.findall(text)
    for found in _USERINFO.finditer(text):
        yield found[1]
    for found in _PAIR.finditer(text):
        if is_secret_name(found[1].rpartition(":")[2]) or found[1] in ("auth", "key", "pass", "_auth", "hf_token"):
            yield (found[2] or found[3] or (found[4] or "").partition(" #")[0]).strip()
