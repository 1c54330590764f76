"""Noise: files that are opened by the way, and that no result is made of: the interpreter, its libraries, fonts, caches, a lake."""

import os
import site
import sys
import sysconfig
from functools import lru_cache

_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/share/", "/usr/lib", "/lib", "/run/", "/var/lib/", "/var/cache/", "/System/")
_CODE = (".py", ".pyc", ".pyi", ".pyd", ".so", ".dll", ".dylib", ".ipynb", ".lock")
_PARTS = frozenset(
    (
        ".git", ".hg", ".svn", ".mvlake", "node_modules", "site-packages", "dist-packages", "__pycache__", ".ipynb_checkpoints",
        ".venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipython", ".jupyter", ".virtual_documents",
    )
)  # fmt: skip
_CONTENT_OF_CACHES = ("huggingface", "torch", "keras", "kagglehub", "tensorflow", "openml", "gensim-data")
_OWN = ("mvlake-", ".~", ".nfs", ".#", "matplotlib-", "ipykernel_")  # what names of files of the moment begin with


@lru_cache(maxsize=4096)
def is_noise(path: str) -> bool:
    """True for an absolute path that says nothing about a result. It is told from the path alone."""
    if path.startswith(_places()):
        return not path.startswith(_exceptions())
    folder, _, name = path.rpartition(os.sep)
    if name.endswith(_CODE) or name.startswith(_OWN):
        return True
    return not _PARTS.isdisjoint(folder.split(os.sep))


@lru_cache(maxsize=1)
def _places() -> tuple[str, ...]:
    """Return the folders that hold nothing of the user's, each with a separator behind it."""
    home = os.path.expanduser("~")
    folders = [
        *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *(os.path.join(one, "lib") for one in (sys.prefix, sys.base_prefix)),
        *(os.path.join(one, "share") for one in (sys.prefix, sys.base_prefix)),
        *getattr(site, "getsitepackages", list)(),
        os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
        _cache(),
        os.environ.get("MPLCONFIGDIR", ""),
        os.environ.get("IPYTHONDIR", ""),
        os.environ.get("JUPYTER_RUNTIME_DIR", ""),
        *(
            os.path.join(home, one)
            for one in (".config", ".local/share/jupyter", ".matplotlib", ".fonts", ".conda", ".keras/keras.json")
        ),
    ]
    below = [os.path.join(one, "") for one in folders if one and one not in (os.sep, home)]
    return (*below, *(_SYSTEM if os.sep == "/" else ()))


@lru_cache(maxsize=1)
def _exceptions() -> tuple[str, ...]:
    """Return the folders among those in which downloaded data and weights lie, and the one for shared memory."""
    return (*(os.path.join(_cache(), one, "") for one in _CONTENT_OF_CACHES), "/dev/shm/")  # noqa: S108


def _cache() -> str:
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
