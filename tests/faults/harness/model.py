"""Model: what a lake is to say, as plain Python that anybody can check by reading."""

from dataclasses import dataclass, field


@dataclass
class Version:
    """What was committed, and all that was said of it."""

    value: int
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    confirmations: int = 0
    is_forgotten: bool = False
    was_promoted: bool = False


@dataclass
class Model:
    """Versions by name; where each label has pointed, one place on another; how many executions raised."""

    versions: dict[str, list[Version]] = field(default_factory=dict)
    labels: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    attempts: int = 0

    def commit(self, name: str, value: int) -> int:
        """Return the number of the version that this value is, or becomes."""
        versions = self.versions.setdefault(name, [])
        for number, one in enumerate(versions, 1):
            if one.value == value and not one.is_forgotten:
                one.confirmations += 1
                return number
        versions.append(Version(value))
        return len(versions)

    def promote(self, name: str, number: int, label: str) -> None:
        """Point a label at a version."""
        places = self.labels.setdefault((name, label), [])
        if places[-1:] != [number]:
            places.append(number)
        self.versions[name][number - 1].was_promoted = True

    def can_roll_back(self, name: str, label: str) -> bool:
        """True when the label has been elsewhere before."""
        return len(self.labels.get((name, label), ())) > 1

    def roll_back(self, name: str, label: str) -> None:
        """Point a label where it pointed before."""
        self.labels[name, label].pop()

    def said(self) -> dict[str, object]:
        """Return all that a lake is to say."""
        return {
            "versions": {
                f"{name}:v{number}": {
                    "tags": one.tags,
                    "notes": one.notes,
                    "confirmations": one.confirmations,
                    "is_forgotten": one.is_forgotten,
                    "labels": sorted(label for (of, label), places in self.labels.items() if of == name and places[-1] == number),
                }
                for name, versions in self.versions.items()
                for number, one in enumerate(versions, 1)
            },
            "attempts": self.attempts,
        }
