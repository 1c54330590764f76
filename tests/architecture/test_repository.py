import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
MAX_BYTES = 1_000_000
TEXT = {".cfg", ".css", ".html", ".ini", ".ipynb", ".json", ".md", ".py", ".sh", ".toml", ".ts", ".txt", ".yaml", ".yml", ""}

# Written in two parts, so that this file does not hold what it looks for.
LATER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
MACHINE = re.compile(r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|tmp/e" + r"nv\d*|home/runner|Users/\w+)/|\bC:\\\\?Use" + r"rs\\")
REGISTRY = re.compile(
    "|".join(
        ["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(?:org|com)", "--(?:extra-)?index" + "-url", "arti" + "factory"]
    )
)


def tracked():
    """Return the files of the project: what git knows, or would be told of; without git, what lies there."""
    try:
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        shown = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, encoding="utf-8").stdout
        paths = [REPOSITORY / name for name in shown.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [
            path for path in REPOSITORY.rglob("*") if not any(part.startswith(".") for part in path.relative_to(REPOSITORY).parts)
        ]
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def texts():
    for path in tracked():
        if path.suffix in TEXT:
            yield path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8")


def found(pattern):
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name, text in texts()
        for match in pattern.finditer(text)
    ]


def pages():
    return [path for path in tracked() if path.suffix == ".md"]


def slug(heading):
    """Return the anchor that GitHub gives a heading."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def links(text):
    """Return the targets of a page's links, without those in code."""
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", prose)


def test_files_are_found():
    assert len(tracked()) > 200
    assert {"README.md", "pyproject.toml", "src/mvlake/errors/root.py"} <= {name for name, _ in texts()}


def test_nothing_is_left_for_later():
    assert found(LATER) == []


def test_no_path_of_a_machine_is_written_down():
    assert found(MACHINE) == []


def test_no_registry_is_written_down():
    assert found(REGISTRY) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (LATER, "# TO" + "DO: later"),
        (MACHINE, "open('/wo" + "rk/main/x')"),
        (MACHINE, "/ro" + "ot/.cache"),
        (REGISTRY, "https://pypi" + ".org/simple"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern, text):
    assert pattern.search(text)


def test_every_module_says_what_it_is():
    for path in sorted((REPOSITORY / "src").rglob("*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring, path
        assert docstring.splitlines()[0].rstrip().endswith((".", ":", "?", "!")), path


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere(page):
    for target in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        goal = (page.parent / name).resolve() if name else page
        assert goal.exists(), target
        assert goal.is_relative_to(REPOSITORY.resolve()), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", goal.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, target


def test_documents_are_linked_from_somewhere():
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in pages()
        for target in links(page.read_text(encoding="utf-8"))
        if target
    }
    lonely = [
        page.relative_to(REPOSITORY).as_posix() for page in pages() if page.resolve() not in linked and page.parent != REPOSITORY
    ]
    assert [page for page in lonely if page.startswith("docs/") and not page.endswith("README.md")] == []


def test_no_file_is_large():
    large = {path.relative_to(REPOSITORY).as_posix(): path.stat().st_size for path in tracked() if path.stat().st_size > MAX_BYTES}
    assert large == {}


def test_the_glossary_is_in_order_and_names_modules_that_exist():
    rows = re.findall(
        r"^\| ([a-z]+) \| (.+) \| `([\w/.]+)` \|$", (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    words = [word for word, _, _ in rows]
    assert len(words) > 50
    assert words == sorted(set(words))
    for word, meaning, module in rows:
        assert meaning.strip().endswith((".", ")")), word
        assert (REPOSITORY / "src" / "mvlake" / module).is_file(), word


def test_the_glossary_has_every_word_of_the_design():
    design = [
        "model",
        "lake",
        "version",
        "ref",
        "label",
        "artifact",
        "handler",
        "digest",
        "fingerprint",
        "draft",
        "probe",
        "gate",
        "verdict",
        "diff",
    ]
    text = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [word for word in design if f"\n| {word} | " not in text] == []


def test_what_the_project_declares_can_be_found():
    points = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    for group in points.values():
        for name, value in group.items():
            module, _, attribute = value.partition(":")
            path = REPOSITORY / "src" / (module.replace(".", "/") + ".py")
            assert path.is_file(), name
            assert re.search(rf"^(class )?{attribute}\b", path.read_text(encoding="utf-8"), re.MULTILINE), name
