import pytest

from mvlake.store.memory import MemoryStore
from mvlake.testing import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self):
        return MemoryStore()
