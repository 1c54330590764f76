"""A version's frame against one that lives in the kernel, or lies in a file: training against serving."""

from mvlake.lake.lake import Lake

TRAIN = """%%track fraud
import numpy as np, pandas as pd
r = np.random.default_rng(5)
df = pd.DataFrame({"amount": r.normal(50, 9, 500), "country": r.choice(["de", "fr"], 500)})
"""
SERVE = """
served = pd.DataFrame({"amount": r.normal(80, 9, 400), "country": r.choice(["de", "it"], 400)})
served.to_parquet("new.parquet", index=False); served.to_csv("new.csv", index=False)
class Odd:
    def __getattribute__(self, name): asked.append(name); return object.__getattribute__(self, name)
asked = []; odd = Odd()
"""


def test_a_variable_and_a_file_are_compared_and_nothing_is_written(start_kernel, tmp_path):
    kernel = start_kernel()
    assert kernel.run(TRAIN).error is None
    assert kernel.run(SERVE).error is None
    before = [path for path in (tmp_path / "lake").rglob("*") if path.is_file()]
    for given in ("served", "new.parquet", "new.csv"):
        ran = kernel.run(f"%mv compare fraud:v1 --with {given}")
        assert ran.error is None
        said = str(ran)
        assert "amount" in said
        assert "400 rows" in said
        assert "strong" in said
    said = str(kernel.run("%mv compare fraud:v1 --with served --frame df"))
    assert "served" in said
    for wrong, told in (
        ("--with nothing", "no variable"),
        ("--with served --frame dg", "df"),
        ("--with odd", "no frame"),
        ("fraud:v1 --with served", "leave out"),
    ):
        ran = kernel.run(f"%mv compare fraud:v1 {wrong}")
        assert told in str(ran), wrong
    assert kernel.run("asked").result == "[]"
    assert kernel.run("len(served), served.columns.tolist()").result == "(400, ['amount', 'country'])"
    assert [path for path in (tmp_path / "lake").rglob("*") if path.is_file()] == before
    assert len(Lake.open(tmp_path / "lake").log().entries) == 1
    # The next cell is tracked as ever, and keeps the frame that was looked at.
    assert kernel.run("%%track fraud\nkept = served.assign(more=1)").error is None
    assert Lake.open(tmp_path / "lake").load("fraud:v2", "served").shape == (400, 2)
