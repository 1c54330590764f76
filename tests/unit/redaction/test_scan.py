import pytest

from mvlake.redaction.known import Known, secrets_in
from mvlake.redaction.marker import BEGINS, Marker
from mvlake.redaction.provider_rules import PROVIDER_RULES
from mvlake.redaction.rule import Rule, RuleSet
from mvlake.redaction.scan import scan

WORD = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"


def found(text, *, is_code=True, environment=None, rules=PROVIDER_RULES):
    known = Known()
    known.learn_all("environment", secrets_in(environment or {}))
    return [(text[one.start : one.end], one.rule) for one in scan(text, rules=[rules], known=known, is_code=is_code)]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('password = "hunter2x9"', "hunter2x9"),
        ("x = {'api_key': 'abcdefgh12345678'}", "abcdefgh12345678"),
        ('conn = "Server=x;Password=abc12345;"', "abc12345"),
        ('"source": ["password = \\"hunter2x9\\"\\n"]', "hunter2x9"),
        ('db = "postgresql://ana:s3cret@host/db"', "s3cret"),
        ('{"Authorization": "Bearer abcd1234efgh5678"}', "abcd1234efgh5678"),
        ("Authorization: Basic YW5hOnMzY3JldHB3", "YW5hOnMzY3JldHB3"),
        ('os.environ["X_TOKEN"] = "zzzz9999yyy"', "zzzz9999yyy"),
        ('password: str = "abc def gh1"', "abc def gh1"),
        ("!mysql --password Zx81kkL0p9 db", "Zx81kkL0p9"),
        ("!mysql --password=Zx81kkL0p9 db", "Zx81kkL0p9"),
        ("monkeypatch.setenv('API_TOKEN', 'abc123abc123')", "abc123abc123"),
        (f"{{'a': 'line\\nghp_{WORD[:36]}'}}", f"ghp_{WORD[:36]}"),
        (f"https://example.org/?next=%3Dhf_{WORD[:34]}", f"hf_{WORD[:34]}"),
        ("-----BEGIN EC PRIVATE KEY-----\nMIIabcdefghijklmn\n-----END EC PRIVATE KEY-----", "\nMIIabcdefghijklmn\n"),
    ],
    ids=lambda text: text[:30],
)
def test_a_secret_is_found_where_notebooks_have_it(text, secret):
    assert [one for one, _ in found(text)] == [secret]


@pytest.mark.parametrize(
    "text",
    [
        'getpass("Token: ").strip(), x = "abcdefghi1"',
        'token = tokenizer.get("abcdefghij1")',
        "num_tokens = 12345678",
        'key = "customer_id1"',
        'df["key"] = "value_one1"',
        'token_type = "bearer_x1y2"',
        "password must be 8 characters long",
        'password = ""',
        "password = 'changeme'",
        "api_key = os.environ['API_KEY']",
        'url = f"https://{user}:{password}@host"',
        'SECRET_KEY = "aws_secret_access_key"',
        'if token == "databricks-sdk":',
        "b3:" + "0123456789abcdef" * 4,
        str(Marker("jwt", "00ff00ff")),
        f'password = "{Marker("github-token", "00ff00ff")}"',
        "",
    ],
)
def test_what_only_looks_like_one_stays(text):
    assert found(text) == []


def test_in_code_a_bare_word_is_a_name_and_elsewhere_a_value():
    assert found("token = session_token2x") == []
    assert found("token = session9kq81xx2", is_code=False) == [("session9kq81xx2", "named-value")]


def test_a_value_of_the_environment_is_found_in_all_its_encodings():
    value = 'p/a+s="1&word'
    environment = {"DB_PASSWORD": value}
    for text in (
        value,
        'p/a+s=\\"1&word',
        "p%2Fa%2Bs%3D%221%26word",
        "cC9hK3M9IjEmd29yZA==",
        "dXNlcjpwL2Ercz0iMSZ3b3Jk",
        "eDpwL2Ercz0iMSZ3b3JkO3k=",
        "702f612b733d223126776f7264",
        "702F612B733D223126776F7264",
    ):
        [(_, rule)] = found(f"<< {text} >>", environment=environment)
        assert rule.startswith("environment.DB_PASSWORD"), text


def test_a_value_that_is_cut_off_is_found_too():
    assert found("the token is kq82nXw9…", environment={"MY_TOKEN": "kq82nXw90aLs"}) == [("kq82nXw9", "environment.MY_TOKEN")]


def test_what_many_programs_put_into_the_environment_is_no_secret():
    harmless = {
        "AUTH_MODE": "disabled",
        "TOKENIZERS_PARALLELISM": "false",
        "PWD": "/home/ana/work",
        "SSH_AUTH_SOCK": "/tmp/ssh-XXXX/agent.1234",
        "SSH_CONNECTION": "10.0.0.1 51000 10.0.0.2 22",
        "KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "XKB_KEYMAP": "us-intl",
        "AUTHOR_NAME": "Ana Example",
        "PRIMARY_KEY": "customer_id2",
        "AUTH_URL": "https://login.example.net/oauth2/authorize",
        "MAX_TOKENS": "12345678",
        "POSTGRES_PASSWORD": "postgres",
        "API_TOKEN": "short",
        "HOME": "a1b2c3d4e5f6",
    }
    assert dict(secrets_in(harmless)) == {}


def test_a_password_in_a_url_of_the_environment_is_known_whatever_the_variable_is_called():
    assert ("WAREHOUSE", "kq82nXw90") in list(secrets_in({"WAREHOUSE": "postgres://ana:kq82nXw90@db/prod"}))


def test_overlapping_findings_become_one_that_covers_both():
    token = f"ghp_{WORD[:36]}"
    assert found(f'api_token = "{token}"', environment={"GH_TOKEN": token}) == [(token, "github-token")]
    assert found(f'api_token = "x-{token}-y"') == [(f"x-{token}-y", "named-value")]


def test_a_rule_that_cannot_be_used_says_why():
    for name, starts, pattern in [("No Name", ("ab",), "ab"), ("ok", ("a",), "a"), ("ok", (), "a"), ("ok", ("ab",), "ab(")]:
        with pytest.raises(ValueError, match="rule"):
            Rule(name, starts, pattern, since="2026-11-28", source="here")


def test_every_rule_of_ours_is_dated_and_says_its_source():
    assert len(PROVIDER_RULES.rules) >= 50
    assert len({rule.id for rule in PROVIDER_RULES.rules}) == len(PROVIDER_RULES.rules)
    assert all(rule.since.startswith("20") and rule.source for rule in PROVIDER_RULES.rules)


def test_a_rule_of_the_users_own_is_found_anywhere_where_it_says_so():
    rules = RuleSet([Rule("acme", ("ACME-",), "ACME-(?P<secret>[0-9]{6})", "2026-11-28", "us", is_anywhere=True)])
    assert found("xACME-123456x", rules=rules) == [("123456", "acme")]


HOSTILE = [
    "password=",
    "password='",
    'password="',
    '"password":"a',
    "password: str",
    "password[",
    "eyJ",
    "eyJ.",
    "eyJaaaaaaaaaaaaaaaaaa.",
    "://",
    "://a:",
    "://aaaa",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n-",
    "Q~",
    "abc1Q~",
    "sig=",
    "1234567890:AA",
    "bearer ",
    "basic ",
    "xoxb-",
    "sk-",
    "A",
    "İ",
    "\\",
    BEGINS,
    "<",
    "--password ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_stands_behind_hostile_text_is_found(text):
    """A pattern that looks back, or looks at the same place again and again, would be at it for hours."""
    token = f"ghp_{WORD[:36]}"
    assert any(token in secret for secret, _ in found(text * (500_000 // len(text)) + f"\n{token}\n", is_code=False))
