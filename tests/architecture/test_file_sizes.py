import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MAX_LINES = 400
MAX_FUNCTION = 80


def files():
    return sorted(path for path in SOURCE.rglob("*.py"))


def functions(text):
    """Yield each function with its length in lines, from `def` to its end; decorators do not count."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_there_are_files():
    assert len(files()) > 100


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_file_holds_one_concept(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_function_fits_the_screen(path):
    long = {name: length for name, length in functions(path.read_text(encoding="utf-8")) if length > MAX_FUNCTION}
    assert long == {}


def test_a_long_function_is_seen():
    text = "class A:\n    async def long(self):\n" + "        pass\n" * 80
    assert list(functions(text)) == [("long", 81)]
