import pytest

from mvlake.capture.files.noise import is_noise
from mvlake.capture.files.urls import host_of, is_read_natively, public_url, url_in


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://a.org/x.csv", "https://a.org/x.csv"),
        ("https://ana:secret@a.org/x.csv", "https://a.org/x.csv"),
        ("s3://bucket/key.parquet", "s3://bucket/key.parquet"),
        (
            "https://a.org/x?X-Amz-Signature=abc&X-Amz-Credential=AKIA/1&part=3",
            "https://a.org/x?X-Amz-Signature=…&X-Amz-Credential=…&part=3",
        ),
        ("https://a.blob.core.windows.net/c/x.csv?sv=2024&sig=abc%3D", "https://a.blob.core.windows.net/c/x.csv?sv=…&sig=…"),
        ("https://a.org/x?q=" + "h" * 60, "https://a.org/x?q=…"),
        ("https://a.org/x#access_token=abc", "https://a.org/x"),
        ("http://ana:se/cret@a.org/x", "a.org/x"),
        ("http://[broken/x?token=abc", "http://[broken/x"),
        ("http://ana:pw@[broken/x?token=abc", "[broken/x"),
    ],
)
def test_a_url_is_told_without_what_lets_somebody_in(url, told):
    assert public_url(url) == told
    assert "abc" not in public_url(url)


def test_only_a_whole_text_is_a_url():
    assert url_in(" https://a.org/x ") == "https://a.org/x"
    assert url_in("look at https://a.org/x please") is None
    assert url_in("javascript://a") is None
    assert host_of("HTTPS://A.org:8080/x") == "a.org"


def test_what_is_read_natively_is_told_from_the_text_around_it():
    assert is_read_natively("s3://b/x", "")
    assert is_read_natively("https://a.org/x.csv", 'pl.read_csv("https://a.org/x.csv")')
    assert is_read_natively("https://a.org/x.csv", "duckdb.sql(\"select * from 'https://a.org/x.csv'\")")
    assert not is_read_natively("https://a.org/x.csv", 'print("https://a.org/x.csv")')
    assert not is_read_natively("https://a.org/x.csv", 'see = "https://a.org/x.csv"')


@pytest.mark.parametrize(
    ("path", "noise"),
    [
        ("/proc/cpuinfo", True),
        ("/usr/share/fonts/a.ttf", True),
        ("/home/ana/.cache/matplotlib/fontlist.json", False),
        ("/home/ana/p/.git/index", True),
        ("/home/ana/p/.mvlake/log/1.json", True),
        ("/home/ana/p/node_modules/a.json", True),
        ("/home/ana/p/model.py", True),
        ("/home/ana/p/.venv/x/data.csv", True),
        ("/home/ana/p/data.csv", False),
        ("/home/ana/p/data/part.parquet", False),
        ("/dev/shm/frame.arrow", False),
    ],
)
def test_noise_is_told_from_the_path(path, noise):
    assert is_noise(path) is noise


def test_downloaded_weights_are_no_noise_though_they_lie_in_a_cache(monkeypatch):
    import os.path

    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    assert is_noise(f"{cache}/fontconfig/x")
    assert not is_noise(f"{cache}/huggingface/hub/x.bin")
