"""`%%mv sql` in a kernel: two versions of a frame joined over several lines, and the rows put into a variable."""

import os

MAKE = "import pandas as pd\ndf = pd.DataFrame({'id': range(50_000), 'x': range(50_000)})\n"
JOIN = """%%mv sql {option}
-- which rows moved?
select count(*) as moved, max(b.x - a.x) as most
from "fraud:v1/df" a
join "fraud:v2/df" b using (id)
where a.x <> b.x
"""


def two_versions(kernel):
    assert kernel.run(f"%%track fraud\n{MAKE}").status == "ok"
    assert kernel.run("%%track fraud\ndf = df.assign(x=df['x'] + (df['id'] < 30) * 2)").status == "ok"


def test_two_versions_of_a_frame_are_joined_in_a_cell(kernel):
    two_versions(kernel)
    ran = kernel.run(JOIN.format(option=""))
    assert ran.status == "ok", ran.shown
    (shown,) = [part[1] for part in ran.shown if part[0] == "display_data"] or ran.cards
    text = shown if isinstance(shown, str) else shown["text/plain"]
    assert "moved" in text
    assert "30" in text


def test_the_rows_of_a_query_become_a_variable(kernel):
    two_versions(kernel)
    assert kernel.run(JOIN.format(option="--into moved")).status == "ok"
    assert kernel.value("moved.to_dict('list')") == "{'moved': [30], 'most': [2]}"
    assert kernel.run('%mv sql --into few from "fraud:v2/df" limit 3').status == "ok"
    assert kernel.value("few.shape") == "(3, 2)"


def test_a_column_and_an_export_are_a_line_each(kernel):
    two_versions(kernel)
    assert kernel.run("few = %mv load fraud:v2 df --columns x --rows :3 --as arrow").status == "ok"
    assert kernel.value("few.to_pydict()") == "{'x': [2, 3, 4]}"
    assert kernel.run("%mv export fraud:v1 df").status == "ok"
    assert (
        kernel.value("pd.read_parquet('fraud-v1-df.parquet').equals(get_ipython().run_line_magic('mv', 'load fraud:v1 df'))")
        == "True"
    )
    assert "fraud-v1-df.parquet" in os.listdir(kernel.folder)


def test_what_cannot_be_asked_is_one_line(kernel):
    two_versions(kernel)
    for question in ('from "fraud:v9/df"', 'from "fraud:v1/nothing"', "--into 1x from versions", 'from "fraud:v1"'):
        ran = kernel.run(f"%mv sql {question}")
        assert ran.status == "error"
        assert ran.text.startswith("UsageError: ")
        assert "Hint: " in ran.text
        assert len(ran.text) < 600
