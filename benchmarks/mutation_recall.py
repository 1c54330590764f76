"""A program: changes a frame in place in 18 ways, each in a tracked cell, and prints which of them the versions tell, as JSON."""

import json

import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

from mvlake import Lake

MUTATIONS = {
    "a new column": "df['new'] = 1",
    "a column replaced": "df['x'] = df['x'] + 1",
    "loc cell": "df.loc[3, 'x'] = -1.0",
    "loc mask": "df.loc[df['x'] > 50, 'x'] = 0.0",
    "iloc": "df.iloc[0, 0] = 99.5",
    "at": "df.at[5, 'y'] = 7",
    "iat": "df.iat[6, 1] = 8",
    "drop in place": "df.drop(columns='y', inplace=True)",
    "fillna in place": "df.fillna(0, inplace=True)",
    "sort in place": "df.sort_values('x', ascending=False, inplace=True)",
    "rename in place": "df.rename(columns={'y': 'why'}, inplace=True)",
    "reset_index in place": "df.reset_index(inplace=True)",
    "insert": "df.insert(0, 'first', 0)",
    "pop": "df.pop('y')",
    "del": "del df['s']",
    "columns assigned": "df.columns = ['a', 'b', 'c']",
    "index assigned": "df.index = range(1, len(df) + 1)",
    "update": "df.update(pd.DataFrame({'x': [1234.5]}, index=[2]))",
}
READS = ("df.head()", "df.describe()", "total = df['x'].sum()", "print(df.shape)", "part = df[df['x'] > 3]", "c = df.copy()")
MAKE = "df = pd.DataFrame({'x': [float(n) if n % 9 else None for n in range(100)], 'y': range(100), 's': ['a', 'b'] * 50})"


def main() -> None:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "mvlake")
    shell.run_cell("import pandas as pd", store_history=True).raise_error()
    for number, code in enumerate((*MUTATIONS.values(), *READS)):
        shell.run_cell(MAKE, store_history=True).raise_error()
        # Behind a function of the session, the text of the tracked cell says nothing of a change.
        body = f"global total, part, c\n    {code}" if code in READS else code
        shell.run_cell(f"def change(df):\n    {body}", store_history=True).raise_error()
        shell.run_cell(f"%%track m{number}\nchange(df)", store_history=True).raise_error()
    lake = Lake.open()
    told = ["df" in lake.show(f"m{number}:v1").entry.version.names.mutated for number in range(len(MUTATIONS) + len(READS))]
    false = [code for code, one in zip(READS, told[len(MUTATIONS) :], strict=True) if one]
    shell.run_line_magic("unload_ext", "mvlake")
    print(json.dumps({"found": dict(zip(MUTATIONS, told, strict=False)), "false": false, "pandas": pd.__version__}))


if __name__ == "__main__":
    main()
