"""A corpus of seeded secrets and of harmless texts that look like them, as notebooks have both. Every secret is made up here.

Another seed makes other values in other places. The detectors were written with `TUNING`; what is reported is measured with `HELD_OUT`.
"""

import base64
import json
import random
import string
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass

TUNING, HELD_OUT = 1, 2026
LETTERS, DIGITS = string.ascii_letters, string.digits
WORD = LETTERS + DIGITS
HEX = "0123456789abcdef"
BASE32 = string.ascii_uppercase + "234567"


@dataclass(frozen=True)
class Seeded:
    """A text with a secret in it. `form` is how it stands there; `environment` has it where nothing but its value can tell."""

    text: str
    form: str
    is_code: bool
    kind: str
    environment: tuple[tuple[str, str], ...] = ()


class Maker:
    """Makes values that are valid in form and were never issued by anybody."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, alphabet: str, count: int) -> str:
        return "".join(self.random.choices(alphabet, k=count))

    def password(self) -> str:
        value = self.some(WORD + "!#^~.", self.random.randint(10, 24))
        return f"{value}{self.some(DIGITS, 1)}{self.some(LETTERS, 1)}"

    def awkward(self) -> str:
        """Return a value that is written differently in a URL, in JSON and in Python."""
        return f'{self.some(WORD, 6)}/{self.some(WORD, 4)}+{self.some(WORD, 4)}="{self.some(DIGITS, 2)}&{self.some(LETTERS, 5)}'

    def jwt(self) -> str:
        def part(document: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")

        return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': self.some(WORD, 8), 'exp': 1_900_000_000})}.{self.some(WORD + '_-', 43)}"

    def private_key(self) -> str:
        lines = "\n".join(self.some(WORD + "+/", 64) for _ in range(6))
        kind = self.random.choice(("RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "))
        return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


# What each provider says of its tokens, said once more: the corpus does not ask the rules what they look for.
TOKENS: dict[str, Callable[[Maker], str]] = {
    "github": lambda m: m.random.choice(("ghp_", "gho_", "ghs_")) + m.some(WORD, 36),
    "github fine-grained": lambda m: f"github_pat_{m.some(WORD, 22)}_{m.some(WORD, 59)}",
    "gitlab": lambda m: f"glpat-{m.some(WORD + '_-', 20)}",
    "aws id": lambda m: f"AKIA{m.some(BASE32, 16)}",
    "aws session id": lambda m: f"ASIA{m.some(BASE32, 16)}",
    "google key": lambda m: f"AIza{m.some(WORD + '_-', 35)}",
    "google oauth": lambda m: f"GOCSPX-{m.some(WORD + '_-', 28)}",
    "google token": lambda m: f"ya29.{m.some(WORD + '_-', 60)}",
    "azure client": lambda m: f"{m.some(WORD, 3)}8Q~{m.some(WORD + '_~.-', 33)}{m.some(WORD, 1)}",
    "openai project": lambda m: f"sk-proj-{m.some(WORD + '_-', 74)}T3BlbkFJ{m.some(WORD + '_-', 74)}",
    "openai": lambda m: f"sk-{m.some(WORD, 20)}T3BlbkFJ{m.some(WORD, 20)}",
    "anthropic": lambda m: f"sk-ant-api03-{m.some(WORD + '_-', 93)}AA",
    "hugging face": lambda m: f"hf_{m.some(LETTERS, 34)}",
    "wandb": lambda m: f"wandb_v1_{m.some(WORD, 70)}",
    "stripe": lambda m: f"sk_live_{m.some(WORD, 24)}",
    "npm": lambda m: f"npm_{m.some(WORD, 36)}",
    "pypi": lambda m: f"pypi-AgEIcHlwaS5vcmc{m.some(WORD + '_-', 120)}",
    "slack bot": lambda m: f"xoxb-{m.some(DIGITS, 12)}-{m.some(DIGITS, 13)}-{m.some(WORD, 24)}",
    "slack hook": lambda m: f"https://hooks.slack.com/services/T{m.some(WORD, 9)}/B{m.some(WORD, 10)}/{m.some(WORD, 24)}",
    "databricks": lambda m: f"dapi{m.some(HEX, 32)}",
    "twilio": lambda m: f"SK{m.some(HEX, 32)}",
    "sendgrid": lambda m: f"SG.{m.some(WORD + '_-', 22)}.{m.some(WORD + '_-', 43)}",
    "telegram": lambda m: f"{m.some('123456789', 1)}{m.some(DIGITS, 9)}:AA{m.some(WORD + '_-', 33)}",
    "discord": lambda m: (
        f"{base64.b64encode(m.some('123456789', 18).encode()).decode()}.{m.some(WORD, 6)}.{m.some(WORD + '_-', 38)}"
    ),
    "jwt": lambda m: m.jwt(),
    "private key": lambda m: m.private_key(),
    "vault": lambda m: f"hvs.{m.some(WORD + '_-', 92)}",
    "digitalocean": lambda m: f"dop_v1_{m.some(HEX, 64)}",
    "groq": lambda m: f"gsk_{m.some(WORD, 52)}",
    "grafana": lambda m: f"glsa_{m.some(WORD, 32)}_{m.some(HEX, 8)}",
    "docker": lambda m: f"dckr_pat_{m.some(WORD + '_-', 27)}",
    "shopify": lambda m: f"shpat_{m.some(HEX, 32)}",
}

# (text, is it code)
PLACES: tuple[tuple[Callable[[str], str], bool], ...] = (
    (lambda s: f"client = Client({s!r})\nclient.ping()", True),
    (lambda s: f'TOKEN = "{s}"  # to be removed', True),
    (lambda s: f"# was: {s}\nx = 1", True),
    (lambda s: f"%env SOME_NAME={s}", True),
    (lambda s: f"!curl -s -H 'X-Auth: {s}' https://api.example.org/v1/runs", True),
    (lambda s: f"settings = dict(retries=3, value={s!r}, timeout=10)", True),
    (lambda s: f"calling the service with {s}, please wait\n", False),
    (lambda s: f"{{'user': 'ana', 'value': '{s}', 'ok': True}}\n", False),
    (lambda s: f"ValueError: rejected: {s}", False),
    (lambda s: json.dumps({"cells": [{"source": [f"value = '{s}'\n", "run(value)\n"]}]}), False),
    (lambda s: f"<table><tr><td>value</td><td>{s}</td></tr></table>", False),
    (lambda s: f"diff --git a/util.py b/util.py\n-VALUE = ''\n+VALUE = '{s}'\n", False),
    (lambda s: f"2026-03-03 14:00:01 INFO connect value={s} took 3 ms\n", False),
    (lambda s: f"   name  value\n0  prod  {s}\n1  test  none\n", False),
    (lambda s: f"GET /v1/items?page=2&value={s}&sort=asc HTTP/1.1", False),
)

NAMED: tuple[tuple[Callable[[str], str], bool], ...] = (
    (lambda s: f"db_password = '{s}'", True),
    (lambda s: f'connect(host="db", user="ana", password="{s}", port=5432)', True),
    (lambda s: f'config = {{"user": "ana", "api_key": "{s}"}}', True),
    (lambda s: f"os.environ['MY_SECRET_KEY'] = '{s}'", True),
    (lambda s: f'engine = create_engine("postgresql://ana:{s}@db.example.org/prod")', True),
    (lambda s: f'conn = "Server=db;Database=prod;User=ana;Password={s};Encrypt=yes"', True),
    (lambda s: f"%env WANDB_API_KEY={s}", True),
    (lambda s: f"!export AWS_SECRET_ACCESS_KEY={s} && aws s3 ls", True),
    (lambda s: f'headers = {{"Authorization": "Bearer {s}"}}', True),
    (lambda s: f'self.auth_token: str = "{s}"', True),
    (lambda s: f"access_token: {s}\nregion: eu-west-1\n", False),
    (lambda s: f"DB_PASSWORD={s}\nDB_HOST=db\n", False),
    (lambda s: f"{{'client_secret': '{s}', 'client_id': 'abc'}}", False),
    (lambda s: f"OperationalError: mysql://ana:{s}@10.0.0.3:3306/prod refused", False),
    (lambda s: f"Authorization: Bearer {s}\nAccept: */*", False),
    (lambda s: f"Authorization: Basic {base64.b64encode(f'ana:{s}'.encode()).decode()}", False),
    (lambda s: json.dumps({"source": [f'passwd = "{s}"\n']}), False),
    (
        lambda s: (
            f"https://account.example.net/data.csv?sv=2026-01-01&sig={urllib.parse.quote(base64.b64encode(s.encode().ljust(32, b'0')).decode(), safe='')}"
        ),
        False,
    ),
    (lambda s: f"remote: https://ana:{s}@git.example.org/team/repo.git", False),
    (lambda s: f"monkeypatch.setenv('SERVICE_TOKEN', '{s}')", True),
)


def _inside(before: bytes, secret: str, after: bytes) -> tuple[str, str]:
    """Return base64 of a secret among other bytes, and the part of it that says the secret alone."""
    data = secret.encode()
    text = base64.b64encode(before + data + after).decode()
    return text, text[-(-8 * len(before) // 6) : 8 * (len(before) + len(data)) // 6]


def _whole(text: str) -> tuple[str, str]:
    return text, text


ENCODINGS: tuple[Callable[[str], tuple[str, str]], ...] = (
    _whole,
    lambda s: _whole(repr(s)[1:-1]),
    lambda s: _whole(json.dumps(s)[1:-1]),
    lambda s: _whole(urllib.parse.quote(s, safe="")),
    lambda s: _whole(urllib.parse.quote_plus(s)),
    lambda s: _inside(b"", s, b""),
    lambda s: _inside(b"u:", s, b"; more"),
    lambda s: _inside(b"user", s, b"."),
    lambda s: _whole(s.encode().hex()),
    lambda s: _whole(s.encode().hex().upper()),
)


def secrets(seed: int) -> list[Seeded]:
    """Return 240 secrets: tokens that providers issue, values that names call secret, and values that only the environment knows."""
    make = Maker(seed)
    found: list[Seeded] = []
    kinds = list(TOKENS)
    for number in range(120):
        kind = kinds[number % len(kinds)]
        token = TOKENS[kind](make)
        place, is_code = make.random.choice(PLACES if "\n" not in token else [PLACES[6], PLACES[8], PLACES[9]])
        text = place(token)
        core = token.splitlines()[1] if "\n" in token else token.removeprefix("https://hooks.slack.com/")
        found.append(Seeded(text, core, is_code, kind))
    for number in range(60):
        place, is_code = NAMED[number % len(NAMED)]
        value = make.password() if number % 3 else make.some(WORD, 30)
        if "://ana" in place(""):
            value = urllib.parse.quote(value, safe="")
        text = place(value)
        form = value if value in text else text.rpartition("sig=")[2] if "sig=" in text else text.rpartition(" ")[2]
        found.append(Seeded(text, form, is_code, "named"))
    names = ("OPENAI_API_KEY", "DB_PASSWORD", "SERVICE_TOKEN", "SNOWFLAKE_PWD", "SENTRY_DSN", "MY_CREDENTIALS", "PROXY_AUTH")
    for number in range(60):
        value = make.awkward() if number % 2 else make.password()
        encode = ENCODINGS[number % len(ENCODINGS)]
        place, is_code = make.random.choice(PLACES[6:])
        text, form = encode(value)
        found.append(Seeded(place(text), form, is_code, "environment", ((names[number % len(names)], value),)))
    return found


def _words(make: Maker) -> str:
    return "_".join(make.random.choices(("order", "customer", "daily", "total", "score", "batch", "user", "item", "region"), k=2))


# (text, is it code)
BENIGN: tuple[tuple[Callable[[Maker], str], bool], ...] = (
    (lambda m: f"commit {m.some(HEX, 40)}\nAuthor: Ana\n", False),
    (lambda m: f"b3:{m.some(HEX, 64)}", False),
    (lambda m: f"run {uuid.UUID(int=m.random.getrandbits(128))} finished", False),
    (lambda m: f"data:image/png;base64,iVBORw0KGgo{base64.b64encode(m.random.randbytes(300)).decode()}", False),
    (lambda m: f"numpy==2.4.{m.some(DIGITS, 1)} --hash=sha256:{m.some(HEX, 64)}", False),
    (lambda m: f"num_memory_tokens = {m.random.randint(8, 9_999_999)}", True),
    (lambda m: f'tokenizer = AutoTokenizer.from_pretrained("org/{_words(m)}-{m.some(DIGITS, 1)}b-instruct")', True),
    (lambda m: f'frame = frame.rename(columns={{"content_key": "{_words(m)}", "token_count": "n"}})', True),
    (lambda m: f'model_name = "meta-llama/Llama-3.{m.some(DIGITS, 1)}-{m.some(DIGITS, 2)}B-Instruct"', True),
    (lambda m: f'api_key = os.environ["{_words(m).upper()}_API_KEY"]', True),
    (lambda m: f'password = getpass("Password for {_words(m)}: ")', True),
    (lambda m: f'tokenizer.pad_token = "<pad_{m.some(DIGITS, 2)}>"; eos_token = "</s>"', True),
    (lambda m: f'frame.merge(other, on="{_words(m)}_key", how="left").sort_values(key="{_words(m)}")', True),
    (lambda m: f'primary_key = "{_words(m)}_id{m.some(DIGITS, 1)}"', True),
    (lambda m: f'secret_name = "prod/{_words(m)}/db{m.some(DIGITS, 1)}"', True),
    (lambda m: f"max_new_tokens: {m.random.randint(100, 9999)}, tokens per second: {m.random.random():.6f}", False),
    (lambda m: f'cache_key = f"{{name}}:{{version}}:{_words(m)}"', True),
    (lambda m: f'{{"token": "<your {_words(m)} token>", "secret": "changeme"}}', False),
    (lambda m: f"risk-adjusted-{_words(m)}-returns task-{_words(m)}-classification-bert-base-uncased", False),
    (lambda m: f'hf_hub_download(repo_id="org/{_words(m)}", filename="model-0000{m.some(DIGITS, 1)}-of-00008.safetensors")', True),
    (
        lambda m: (
            f"s3://bucket/{_words(m)}/part-{m.some(DIGITS, 5)}-{uuid.UUID(int=m.random.getrandbits(128))}.c000.snappy.parquet"
        ),
        False,
    ),
    (lambda m: f"arn:aws:iam::{m.some(DIGITS, 12)}:role/{_words(m)}", False),
    (lambda m: f"{m.random.random()!r}\n{m.random.random() * 1e-9!r}\n[{m.random.random()!r}, {m.random.gauss(0, 1)!r}]", False),
    (lambda m: f'engine = create_engine("postgresql://localhost:5432/{_words(m)}")', True),
    (lambda m: f"sha256:{m.some(HEX, 64)} python:3.11-slim", False),
    (lambda m: f"vocab tokens: ['the', 'cat', '{_words(m)}', '##ing'] key: value token: word", False),
    (lambda m: f"<div id='{m.some(HEX, 8)}-{m.some(HEX, 4)}' class='jp-{_words(m)}' data-key='{_words(m)}'></div>", False),
    (lambda m: f"0x{m.some(HEX, 12)} <sklearn.pipeline.Pipeline object at 0x7f{m.some(HEX, 10)}>", False),
    (lambda m: f'keyring.get_password("{_words(m)}", "ana")  # asks the keyring', True),
    (lambda m: f"Basic usage of {_words(m)}: see the bearer of the documentation, token by token", False),
    (
        lambda m: (
            f"wandb: run {m.some(string.ascii_lowercase + DIGITS, 8)} synced https://wandb.ai/team/{_words(m)}/runs/{m.some(WORD, 8)}"
        ),
        False,
    ),
    (lambda m: f'https://doi.org/10.{m.some(DIGITS, 4)}/zenodo.{m.some(DIGITS, 7)} etag: "{m.some(HEX, 32)}"', False),
    (
        lambda m: f'for key, value in {_words(m)}.items():\n    token = value.split("-")[0]\n    password_field = "{_words(m)}"',
        True,
    ),
    (
        lambda m: json.dumps({"cell_type": "code", "id": m.some(HEX, 8), "source": [f"keys = ['{_words(m)}_key', 'n_tokens']\n"]}),
        False,
    ),
    (lambda m: f"author = 'Ana {m.some(LETTERS, 6)}'; authors_by_key = {{'{_words(m)}': 1}}", True),
    (lambda m: f"conda {_words(m)}-1.{m.some(DIGITS, 1)}.0-py311h{m.some(HEX, 7)}_0", False),
    (lambda m: f"{m.some(WORD, 11)}=={m.some(DIGITS, 1)}.0 | {base64.b64encode(m.random.randbytes(40)).decode()}", False),
    (lambda m: f"pd.util.hash_pandas_object({_words(m)}, hash_key='{m.some(DIGITS, 16)}')", True),
    (
        lambda m: (
            f"Epoch {m.some(DIGITS, 2)}/50 loss: {m.random.random():.4f} val_auc: {m.random.random():.4f} key_metric: {m.random.random():.6f}"
        ),
        False,
    ),
    (lambda m: f'df.groupby(["{_words(m)}", "session_key"]).agg(n_tokens=("tokens", "sum"))', True),
)


def benign(seed: int) -> list[tuple[str, bool]]:
    """Return 200 harmless texts, and whether each is code."""
    make = Maker(seed)
    return [(text(make), is_code) for number in range(200) for text, is_code in [BENIGN[number % len(BENIGN)]]]
