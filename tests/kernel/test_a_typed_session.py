"""A session that somebody types into IPython's own program, on a terminal."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from mvlake.lake.lake import Lake

TIMEOUT = 90


class Terminal:
    """What stands on a terminal, and a keyboard."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self.text = ""

    def read_until(self, wanted):
        begin, end = len(self.text), time.monotonic() + TIMEOUT
        while wanted not in self.text[begin:]:
            assert time.monotonic() < end, self.text
            if select.select([self._descriptor], [], [], 1)[0]:
                self.text += os.read(self._descriptor, 1 << 16).decode("utf-8", "replace").replace("\r\n", "\n")
        return self.text[begin:]

    def type(self, line, wanted):
        os.write(self._descriptor, f"{line}\n".encode())
        return self.read_until(wanted)

    def type_cell(self, *lines, then):
        """A cell magic ends with an empty line, and --simple-prompt wants to see that there is one."""
        for line in (*lines, ""):
            self.type(line, "...: ")
        return self.type("", then)


@contextmanager
def ipython(folder):
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH")}
    environment |= {
        "MVLAKE_LAKE": str(folder / "lake"),
        "IPYTHONDIR": str(folder),
        "HOME": str(folder),
        "MVLAKE_USER": "ana",
        "TERM": "dumb",
    }
    command = [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor"]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder, start_new_session=True
    )
    os.close(theirs)
    try:
        yield process, Terminal(ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_what_is_typed_is_tracked_and_what_is_seen_is_as_ever(tmp_path):
    with ipython(tmp_path) as (process, terminal):
        terminal.read_until("In [1]: ")
        terminal.type("%load_ext mvlake", "In [2]: ")
        terminal.type("depth = 3", "In [3]: ")
        answer = terminal.type_cell("%%track typed", "rows = [depth, 2]", "len(rows)", then="In [4]: ")
        assert "Out[3]: 2" in answer
        assert "typed:v1" in answer
        answer = terminal.type_cell("%%track typed", "1 / 0", then="In [5]: ")
        assert "ZeroDivisionError: division by zero" in answer
        assert "mvlake/capture" not in answer  # no line of ours in the traceback
        answer = terminal.type("%mv show typed:v1", "In [6]: ")
        assert "len(rows)" in answer
        assert "Out[6]: (2, 3)" in terminal.type("_, depth", "In [7]: ")  # `%mv` is no result
        # Naps: a signal that comes right before a sleep begins is heard when it ends.
        terminal.type("import time; print('begun'); [time.sleep(0.1) for _ in range(3000)]", "\nbegun")
        process.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in terminal.read_until("In [8]: ")
        terminal.type_cell("%%track last", "ok = [4]", then="In [9]: ")
        os.write(terminal._descriptor, b"exit\n")
        assert process.wait(timeout=TIMEOUT) == 0
    lake = Lake.open(tmp_path / "lake", create=False)
    assert [entry.ref for entry in lake.log().entries] == ["last:v1", "typed:v1"]
    assert [one.error_type for one, _ in lake.log().attempts] == ["ZeroDivisionError"]
    version = lake.show("typed:v1").entry.version
    assert [cell.execution_count for cell in version.cells] == [2, 3]
    assert lake.load("typed:v1", "rows") == [3, 2]
    assert lake.verify().is_clean
