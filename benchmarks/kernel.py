"""Kernel: a real one, spoken to as a front end does."""

import os
import time
from types import TracebackType
from typing import Self

from jupyter_client.manager import KernelManager


class Kernel:
    def __init__(self, folder: str) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=folder, env={**os.environ, "MVLAKE_LAKE": os.path.join(folder, "lake"), "IPYTHONDIR": folder})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def run(self, code: str) -> str:
        """Run a cell and return what it printed."""
        printed: list[str] = []

        def hear(message: dict) -> None:
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
                printed.append(message["content"]["text"])

        self.client.execute_interactive(code, timeout=120, output_hook=hear)
        return "".join(printed)

    def wait_for(self, code: str) -> float:
        """Run a cell and return how long the front end waits until the kernel is idle again, in milliseconds."""
        started = time.perf_counter()
        self.client.execute_interactive(code, timeout=120, output_hook=lambda _: None)
        return (time.perf_counter() - started) * 1e3
