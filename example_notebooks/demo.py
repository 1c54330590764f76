"""The main job on real data, from a terminal: `make demo` runs this.

It executes 01_first_versions.ipynb headless, lists what came of it, compares two versions, replays one, and says what to open.
"""

import os
import shutil
import sys
import time
from pathlib import Path

from mvlake.cli.main import main

HERE = Path(__file__).resolve().parent
NOTEBOOK = "01_first_versions.ipynb"
NAME = "tumour-classifier"


def step(number: int, text: str) -> None:
    """Say what comes next."""
    print(f"\n{'─' * 100}\n{number}  {text}\n", flush=True)


def execute(folder: Path) -> None:
    """Run the notebook in a fresh kernel, cell by cell, with progress."""
    import papermill

    # Errors only: a kernel on this machine need not tell that it speaks plain TCP.
    quiet = ["--IPKernelApp.log_level=40"]
    papermill.execute_notebook(
        str(HERE / NOTEBOOK), str(folder / NOTEBOOK), cwd=str(folder), progress_bar=True, extra_arguments=quiet
    )


def verb(*words: str) -> int:
    """Do what the command line would do, and show how to ask for it."""
    print(f"$ mvlake {' '.join(words)}\n", flush=True)
    return main(list(words))


def demo(folder: Path) -> int:
    """Run the whole demonstration in a folder, which is emptied first; return 0 when all of it worked."""
    began = time.perf_counter()
    folder = folder.absolute()  # the kernel works in another folder than this process
    if (folder / ".mvlake").exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["MVLAKE_LAKE"] = str(folder)
    step(1, f"A notebook trains on 569 tumours and makes four versions of a classifier: {NOTEBOOK}")
    execute(folder)
    step(2, "What is in the lake")
    worked = verb("log", NAME) == 0
    step(3, "What a feature and deeper trees changed")
    report = folder / "comparison.html"
    worked &= verb("compare", f"{NAME}:v1", f"{NAME}:v3", "--html", str(report)) == 0
    step(4, "Does the newest version reproduce? It runs again in a fresh kernel")
    worked &= verb("replay", f"{NAME}:latest") == 0
    if not worked:
        step(5, "Something above did not work; `make test` says more")
        return 1
    step(5, f"Done in {time.perf_counter() - began:.0f} seconds. Now look for yourself:")
    print(f"   the comparison as a page   {report}")
    print(f"   the notebook as it ran     {folder / NOTEBOOK}")
    print("   in JupyterLab              make lab     (opens example_notebooks/)")
    print(f"   in this terminal           MVLAKE_LAKE={folder} {Path(sys.executable).parent / 'mvlake'} show {NAME}:latest\n")
    return 0


if __name__ == "__main__":
    sys.exit(demo(Path(sys.argv[1] if len(sys.argv) > 1 else ".demo")))
