"""Public contract suites: what every store and every handler must pass. They are pytest classes to inherit from."""

from mvlake.testing.handlers import HandlerContract
from mvlake.testing.shelf import MemoryShelf
from mvlake.testing.stores import StoreContract

__all__ = ["HandlerContract", "MemoryShelf", "StoreContract"]
