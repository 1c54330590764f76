import pytest

from mvlake.redaction.credential_files import secrets_of


@pytest.mark.parametrize(
    ("path", "text", "secrets"),
    [
        (".netrc", "machine a.example.org\n  login ana\n  password kq82nXw90aLs\n", ["kq82nXw90aLs"]),
        (".pypirc", "[distutils]\nindex-servers = x\n[x]\nusername = ana\npassword = kq82nXw90aLs\n", ["kq82nXw90aLs"]),
        (".git-credentials", "https://ana:kq82nXw90aLs@git.example.org\n", ["kq82nXw90aLs"]),
        (
            ".aws/credentials",
            "[default]\naws_access_key_id = AKIAQQQQQQQQQQQQQQQQ\naws_secret_access_key = kq82/Xw90+LsQQ==\n",
            ["kq82/Xw90+LsQQ=="],
        ),
        (
            ".env",
            "MODE=fast\nexport DB_PASSWORD='correct horse'\nHF_TOKEN=kq82nXw90aLs # mine\n",
            ["correct horse", "kq82nXw90aLs"],
        ),
        (".cache/huggingface/token", "kq82nXw90aLs\n", ["kq82nXw90aLs"]),
        (".kaggle/kaggle.json", '{"username":"ana","key":"kq82nXw90aLs"}', ["kq82nXw90aLs"]),
        (".docker/config.json", '{"auths": {"https://index": {"auth": "YW5hOmtxODJuWHc5"}}}', ["YW5hOmtxODJuWHc5"]),
        (".databrickscfg", "[DEFAULT]\nhost = https://x\ntoken = kq82nXw90aLs\n", ["kq82nXw90aLs"]),
        (".npmrc", "//registry.example.org/:_authToken=kq82nXw90aLs\n", ["kq82nXw90aLs"]),
        (".pgpass", "db:5432:prod:ana:kq82nXw90aLs\n", ["kq82nXw90aLs"]),
        (".streamlit/secrets.toml", 'password = "kq82nXw90aLs"\nmode = "dark-mode-1"\n', ["kq82nXw90aLs"]),
        (".env", "\0\xff garbage = = :::\n", []),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_credential_file_gives_its_secrets_and_nothing_else(path, text, secrets):
    assert [value for _, value in secrets_of(path, text)] == secrets
