"""The user's own modules and repository, as versions of a real kernel keep them."""

import subprocess

from mvlake.lake.lake import Lake
from mvlake.records.artifact import Role
from mvlake.records.hint import HintCode


def git(folder, *words):
    identity = ("-c", "user.name=ana", "-c", "user.email=ana@example.org")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def code_of(lake, ref):
    version = lake.show(ref).entry.version
    return {one.name: one for one in version.artifacts if one.role is Role.CODE}


def hint_of(lake, ref):
    return {one.code: one for one in lake.show(ref).entry.version.hints}.get(HintCode.DIRTY_MODULE)


def test_modules_are_kept_as_they_were_imported_with_what_git_knows_of_them(start_kernel, tmp_path):
    project = tmp_path / "project"
    (project / "pack").mkdir(parents=True)
    (project / "util.py").write_text("FACTOR = 2\n")
    (project / "pack/__init__.py").write_text("")
    (project / "pack/part.py").write_text("def half(x):\n    return x / 2\n")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "work")
    git(project, "remote", "add", "origin", "https://ana:secret@example.org/work.git")
    (project / "work").mkdir()
    kernel = start_kernel(folder=project / "work")
    lake = Lake.open(tmp_path / "lake")
    kernel.run("import sys\nsys.path.insert(0, '..')\nimport util\nfrom pack.part import half")
    ran = kernel.run("%%track clean\ny = half(util.FACTOR)")
    assert len(ran.cards[0].splitlines()) == 1
    assert set(code_of(lake, "clean:v1")) == {"util", "pack", "pack.part"}
    assert lake.load("clean:v1", "pack.part") == "def half(x):\n    return x / 2\n"
    assert hint_of(lake, "clean:v1") is None
    dossier = lake.show("clean:v1").dossier
    told = {name: dossier.summaries[one.summary] for name, one in code_of(lake, "clean:v1").items()}
    assert {name: (one.path, one.state) for name, one in told.items()} == {
        "util": ("util.py", "committed"),
        "pack": ("pack/__init__.py", "committed"),
        "pack.part": ("pack/part.py", "committed"),
    }
    assert dossier.version.git.remote == "https://example.org/work.git"
    assert not [one for one in dossier.version.artifacts if one.role is Role.PATCH]

    # The file is edited, and the kernel still runs what it imported.
    (project / "util.py").write_text("FACTOR = 3\n")
    ran = kernel.run("%%track clean\nz = half(util.FACTOR)")
    assert "may not reproduce: util.py changed after the import" in ran.cards[0]
    assert lake.load("clean:v2", "util") == "FACTOR = 2\n"
    assert hint_of(lake, "clean:v2").names == ("util",)
    patch = lake.load("clean:v2", "uncommitted.patch")
    assert "-FACTOR = 2\n+FACTOR = 3\n" in patch
    again = subprocess.run(["git", "apply", "-R", "--check", "-"], cwd=project, input=patch, text=True, capture_output=True)
    assert again.returncode == 0, again.stderr

    # Imported anew, it is what the last commit has not.
    kernel.run("import importlib\nimportlib.reload(util)")
    kernel.run("%%track clean\nz = half(util.FACTOR)")
    assert lake.load("clean:v3", "util") == "FACTOR = 3\n"
    assert "not committed" in hint_of(lake, "clean:v3").text
    differing = {
        one.name: [line.text for line in one.lines if line.op == "+"]
        for one in lake.compare("clean:v2", "clean:v3").modules
        if one.change != "unchanged"
    }
    assert differing == {"util": ["FACTOR = 3"]}
    assert "+ FACTOR = 3" in kernel.run("%mv compare clean:v2 clean:v3").cards[0].replace("+FACTOR", "+ FACTOR")

    # Same cell, same inputs, same outputs: another module makes another version.
    (project / "util.py").write_text("FACTOR = 3  # the same\n")
    kernel.run("importlib.reload(util)")
    assert "clean:v4" in kernel.run("%%track clean\nz = half(util.FACTOR)").cards[0]
    assert "confirms clean:v4" in kernel.run("%%track clean\nz = half(util.FACTOR)").cards[0]


def test_a_script_keeps_its_modules_too(tmp_path):
    import sys

    (tmp_path / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    (tmp_path / "script.py").write_text(
        "import mvlake, helper\nwith mvlake.track('told', lake='lake') as run:\n    run.metric(x=helper.twice(2))\n"
    )
    subprocess.run([sys.executable, "script.py"], cwd=tmp_path, check=True, capture_output=True)
    lake = Lake.open(tmp_path / "lake", create=False)
    assert set(code_of(lake, "told:v1")) == {"helper"}
