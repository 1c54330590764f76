"""Which imported modules are the user's own, and what of them is kept: what was imported, whatever became of the file."""

import importlib
import os
import sys
from types import ModuleType

import pytest

from mvlake.capture.probes import modules as probe
from mvlake.capture.probes.modules import ModuleWatch, is_local


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder that can be imported from, of which nothing stays imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def own(watch, folder):
    return {one.name: one for one in watch.sources() if one.file.startswith(os.path.realpath(folder))}


def test_modules_of_the_project_are_kept_and_those_of_packages_are_not(project):
    write(project / "single.py", "x = 1\n")
    write(project / "pack/__init__.py", "")
    write(project / "pack/deep/__init__.py", "")
    write(project / "pack/deep/part.py", "y = 2\n")
    write(project / ".venv/lib/python3.11/site-packages/installed.py", "z = 3\n")
    sys.path.insert(0, str(project / ".venv/lib/python3.11/site-packages"))
    import installed  # noqa: F401
    import pack.deep.part  # noqa: F401
    import single  # noqa: F401

    found = own(ModuleWatch(), project)
    assert {name: one.text for name, one in found.items()} == {
        "single": b"x = 1\n",
        "pack": b"",
        "pack.deep": b"",
        "pack.deep.part": b"y = 2\n",
    }
    assert not any(one.note for one in found.values())
    told = {one.name.partition(".")[0] for one in ModuleWatch().sources()}
    assert told.isdisjoint({"os", "json", "numpy", "pandas", "pytest", "mvlake", "__main__"})


def test_what_was_imported_is_kept_when_its_file_changes(project):
    file = write(project / "changing.py", "x = 1\n")
    import changing

    watch = ModuleWatch()
    watch.notice()
    file.write_text("x = 22\n", "utf-8")
    (one,) = own(watch, project).values()
    assert (one.text, one.note) == (b"x = 1\n", "its file was changed since it was imported")
    importlib.reload(changing)
    (one,) = own(watch, project).values()
    assert (one.text, one.note) == (b"x = 22\n", "")


def test_a_file_that_was_only_touched_has_not_changed(project):
    file = write(project / "touched.py", "x = 1\n")
    import touched  # noqa: F401

    watch = ModuleWatch()
    watch.notice()
    os.utime(file, (2_000_000_000, 2_000_000_000))
    assert own(watch, project)["touched"].note == ""


def test_a_file_that_is_gone_is_kept_all_the_same(project):
    file = write(project / "gone.py", "x = 1\n")
    import gone  # noqa: F401

    watch = ModuleWatch()
    watch.notice()
    file.unlink()
    one = own(watch, project)["gone"]
    assert (one.text, one.note) == (b"x = 1\n", "its file is gone since")


def test_a_file_that_changed_before_it_could_be_read_is_said_to_have_changed(project, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = write(project / "raced.py", "x = 1\n")
    import raced  # noqa: F401

    file.write_text("x = 1000\n", "utf-8")
    assert "changed between" in own(ModuleWatch(), project)["raced"].note


def test_a_cache_that_was_not_written_is_no_sign_of_a_change(project, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    file = write(project / "uncached.py", "x = 1\n")
    import uncached  # noqa: F401

    assert own(ModuleWatch(), project)["uncached"].note == ""
    stale = write(project / "__pycache__" / f"uncached.{sys.implementation.cache_tag}.pyc", "")
    stale.write_bytes(b"\0" * 16)
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert own(ModuleWatch(), project)["uncached"].note == ""


def test_nothing_is_looked_at_again_when_nothing_was_imported(project, monkeypatch):
    write(project / "once.py", "x = 1\n")
    import once  # noqa: F401

    watch = ModuleWatch()
    watch.notice()
    watch.notice()  # to look for the first time imports a module or two of Python's own
    looked = []
    monkeypatch.setattr(probe, "_file_of", lambda module: looked.append(module) or "")
    watch.notice()
    assert looked == []


class Evil(ModuleType):
    asked = 0

    def __getattribute__(self, name):
        type(self).asked += 1
        raise RuntimeError(name)


class NoModule:
    def __getattr__(self, name):
        raise RuntimeError(name)


def test_modules_that_answer_by_running_code_are_asked_nothing(tmp_path):
    evil = Evil("evil")
    ModuleType.__dict__["__dict__"].__get__(evil)["__file__"] = str(write(tmp_path / "evil.py", "x = 1\n"))
    odd = ModuleType("odd")
    odd.__file__ = 7
    odd.__spec__ = NoModule()
    Evil.asked = 0
    told = ModuleWatch({"evil": evil, "odd": odd, "none": None, "object": NoModule()}).sources()
    assert [(one.name, one.text) for one in told] == [("evil", b"x = 1\n")]
    assert Evil.asked == 0


def test_what_cannot_be_kept_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(probe, "MAX_SOURCE", 10)
    found = {}
    for name, file in (
        ("large", write(tmp_path / "large.py", "x" * 100)),
        ("binary", write(tmp_path / "binary.so", "")),
        ("pipe", None),
    ):
        module = found[name] = ModuleType(name)
        if file is None:
            file = tmp_path / "pipe.py"
            os.mkfifo(file)
        module.__file__ = str(file)
    told = {one.name: one for one in ModuleWatch(found).sources()}
    assert {name: one.text for name, one in told.items()} == {"large": None, "binary": None, "pipe": None}
    assert all(one.note for one in told.values())


def test_front_ends_and_relative_files_are_not_the_users():
    assert not is_local("debugpy._vendored.x", "/home/ana/.vscode/extensions/python/debugpy/x.py")
    assert not is_local("cell", "<string>")
    assert not is_local("cell", "")
    assert is_local("mine", "/home/ana/work/mine.py")
