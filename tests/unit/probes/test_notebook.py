import pytest

from mvlake.capture.probes.notebook import notebook_path


@pytest.mark.parametrize(
    ("namespace", "environ", "path"),
    [
        ({}, {}, ""),
        ({}, {"JPY_SESSION_NAME": "/home/ana/fraud.ipynb"}, "/home/ana/fraud.ipynb"),
        ({}, {"JPY_SESSION_NAME": "1f2e3d4c-console"}, ""),
        ({"__vsc_ipynb_file__": "/home/ana/code.ipynb"}, {}, "/home/ana/code.ipynb"),
        ({"PAPERMILL_INPUT_PATH": "in.ipynb"}, {"JPY_SESSION_NAME": "/the/notebook/that/ran/papermill.ipynb"}, "in.ipynb"),
        ({"__vsc_ipynb_file__": 3, "PAPERMILL_INPUT_PATH": b"x.ipynb"}, {}, ""),
    ],
)
def test_the_notebook_is_what_the_front_end_says(namespace, environ, path):
    assert notebook_path(namespace, environ) == path


def test_a_text_that_lies_about_its_end_is_not_asked():
    class Loud(str):
        __slots__ = ()

        def endswith(self, *_):
            raise AssertionError("asked")

    assert notebook_path({"__vsc_ipynb_file__": Loud("x")}, {}) == ""
