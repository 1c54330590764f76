"""A module beside the notebook: what is in stock."""

from dataclasses import dataclass, field


@dataclass(order=True)
class Item:
    """One kind of thing, with its price and how many there are."""

    name: str
    price: float
    count: int = 0
    tags: list[str] = field(default_factory=list, compare=False)

    @property
    def value(self) -> float:
        return self.price * self.count
