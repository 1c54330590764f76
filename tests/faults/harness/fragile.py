"""A store in memory that can be cut off at any moment: what was being done ends there, and nothing that follows has an effect."""

from mvlake.store.memory import MemoryStore


class CutOff(BaseException):
    """The process is no more. Nothing on the way out may still write, so this is raised by whatever tries."""


class FragileStore(MemoryStore):
    """Counts the calls that change it; from the one on that it is told of, none has an effect."""

    def __init__(self) -> None:
        super().__init__()
        self._left: int | None = None

    def cut_off_after(self, calls: int) -> None:
        """Let so many changes happen, and no more."""
        self._left = calls

    def revive(self) -> None:
        """Go on: another process opens it."""
        self._left = None

    def put_new(self, key: str, data: bytes) -> bool:
        self._change()
        return super().put_new(key, data)

    def put_hint(self, key: str, data: bytes) -> None:
        self._change()
        super().put_hint(key, data)

    def remove_hint(self, key: str) -> None:
        self._change()
        super().remove_hint(key)

    def remove(self, key: str) -> None:
        self._change()
        super().remove(key)

    def move(self, source: str, target: str) -> bool:
        self._change()
        return super().move(source, target)

    def _change(self) -> None:
        if self._left is not None:
            if self._left == 0:
                raise CutOff
            self._left -= 1
