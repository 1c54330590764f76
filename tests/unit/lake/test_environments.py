"""An environment is whole or is none: of two makers the first wins, an interrupted one leaves nothing that counts, old ones go."""

import os
import subprocess
import sys
import time

import pytest

from mvlake.errors import Invalid
from mvlake.lake.claim import Claim
from mvlake.lake.environments import _cache, _forget_unused, _keep, _kept
from mvlake.lake.examined_python import examined

NAME = "0" * 40


def made(cache):
    """Return the claim of an environment that is made, and not yet whole."""
    claim = Claim(cache, "made-")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(claim.folder / "env")], check=True)
    return claim, examined(str(claim.folder / "env" / "bin" / "python"))


def test_the_first_of_two_makers_wins_and_what_is_no_environment_goes(tmp_path):
    (first, one), (second, two) = made(tmp_path), made(tmp_path)
    assert _kept(tmp_path, NAME) is None
    assert _keep(tmp_path, NAME, first, one) == one
    assert _keep(tmp_path, NAME, second, two) == one
    interrupted, _ = made(tmp_path)
    _forget_unused(tmp_path)
    assert interrupted.folder.is_dir()  # its maker is still at work
    for claim in (first, second, interrupted):
        claim.release()
    _forget_unused(tmp_path)
    assert list(tmp_path.glob("made-*")) == [first.folder]
    assert _kept(tmp_path, NAME) == one
    long_ago = time.time() - 40 * 86_400
    os.utime(tmp_path / f"{NAME}.whole", (long_ago, long_ago))
    _forget_unused(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_mark_that_leads_elsewhere_or_to_nothing_that_starts_is_none(tmp_path):
    mark = tmp_path / f"{NAME}.whole"
    for said in ("../made-x", "/made-x", "made-x/../../y", "made-gone", "made-\n", ""):
        mark.write_text(said)
        assert _kept(tmp_path, NAME) is None


def test_a_cache_that_others_may_write_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    _cache().chmod(0o777)
    with pytest.raises(Invalid, match="not this user's alone"):
        _cache()
