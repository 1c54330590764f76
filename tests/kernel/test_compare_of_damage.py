"""A comparison of versions of which objects are damaged, one after another: what can be read is shown, and what cannot is said."""

from collections import Counter
from pathlib import Path

from mvlake.compare.document import to_document
from mvlake.lake.lake import Lake
from mvlake.store.keys import pack_key
from mvlake.view.html import as_html
from mvlake.view.text import as_text

CELL = """%%track rich
import helper
import warnings
X = df[['a', 'b']] + {step}
model = LogisticRegression(C={step}).fit(X, y)
auc = model.score(X, y)
losses = [1.0 / ({step} + one) for one in range(20)]
box = dict(rate={step}, names=['x', 'y'] * 40)
figure, axes = plt.subplots()
axes.plot(losses)
warnings.warn('step {step}')
print('trained', {step}, helper.rate)
X.head({step} + 2)
"""


def objects_of(lake, ref):
    """The objects of the packs that a version's record names, each with where it lies."""
    parts = lake._parts
    record, _ = parts.log.read(lake.show(ref).entry.seq)
    return {digest: place for pack in record.packs for digest, place in parts.objects.contents(pack)}


def test_whichever_object_is_damaged_or_gone_the_rest_is_compared(kernel):
    (kernel.folder / "helper.py").write_text("rate = 2\n")
    kernel.run(
        "%matplotlib inline\nimport sys; sys.path.insert(0, '.')\nimport numpy as np, pandas as pd, matplotlib.pyplot as plt\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "df = pd.DataFrame({'a': np.arange(200.0), 'b': np.arange(200.0) % 7, 'c': list('xyzw') * 50})\ny = (df.a % 3 > 1).astype(int)"
    )
    for step in (1, 2):
        assert kernel.run(CELL.format(step=step)).status == "ok"
    where = kernel.folder / "lake"
    kept = Path(Lake.open(where, create=False).path)
    refs = ("rich:v1", "rich:v2")
    whole = to_document(Lake.open(where, create=False).compare(*refs))
    assert whole["problems"] == []
    roles = Counter(one.role.value for one in Lake.open(where, create=False).show("rich:v1").entry.version.artifacts)
    assert {"input", "output", "model", "figure", "stream", "code", "series"} <= set(roles), roles
    told = silent = 0
    for ref in refs:
        for place in objects_of(Lake.open(where, create=False), ref).values():
            file = kept / pack_key(place.pack)
            before = file.read_bytes()
            at = place.offset + place.length // 2
            file.chmod(0o644)
            file.write_bytes(before[:at] + bytes([before[at] ^ 0xFF]) + before[at + 1 :])
            lake = Lake.open(where, create=False)
            diff = lake.compare(*refs, cells="all")
            document = to_document(diff)
            changed = {name for name in whole if document[name] != whole[name]} - {"code", "cells", "problems"}
            told += bool(diff.problems)
            silent += not diff.problems
            assert not changed or diff.problems or any(" could " in note or "damaged" in note for note in _notes(document)), changed
            assert "rich:v1" in as_text(diff)
            assert as_html(diff)
            lake.compare(*refs, quick=True)
            file.write_bytes(before)
    assert told > 20, (told, silent)
    assert to_document(Lake.open(where, create=False).compare(*refs)) == whole
    for file in sorted((kept / "objects").rglob("*.pack")):
        before = file.read_bytes()
        file.unlink()
        diff = Lake.open(where, create=False).compare(*refs)
        assert diff.problems
        assert as_text(diff)
        file.write_bytes(before)


def _notes(document):
    if isinstance(document, dict):
        yield from (
            value for key, value in document.items() if key in ("note", "problem", "reason") and isinstance(value, str) and value
        )
        document = list(document.values())
    for one in document if isinstance(document, list) else ():
        yield from _notes(one)
