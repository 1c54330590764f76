"""Family: what generators of one kind have in common: how a state is read, compared, said and put back."""

from typing import Any, Protocol

from mvlake.records.randomness import GeneratorKind, GeneratorState


class Family(Protocol):
    """Generators of one kind. A `raw` state is made of tuples, numbers and bytes, so that comparing it runs nobody's code."""

    kind: GeneratorKind

    def read(self, generator: Any) -> Any:
        """Return the raw state, and leave the generator bit for bit as it was."""
        ...

    def is_as(self, generator: Any, raw: Any) -> bool:
        """True when the state is this one; as cheap as can be, for it is asked of every generator after every cell."""
        ...

    def write(self, generator: Any, raw: Any) -> None:
        """Put a raw state back."""
        ...

    def is_seeded(self, generator: Any) -> bool:
        """True when a seed that somebody chose decides all that it draws, as far as it can tell."""
        ...

    def said(self, raw: Any) -> GeneratorState:
        """Return a raw state as it is stored."""
        ...

    def understood(self, state: GeneratorState) -> Any:
        """Return the raw state that is stored; ValueError for what is none, or could not be a generator's."""
        ...
