"""Profile: stands for content that a policy kept out of a lake. What names it and what its summary says are those of the content.

The bytes are canonical JSON: `handler` is whose content it was, `because` the reason.
"""

from typing import Any

from mvlake.errors import Invalid, NoHandler
from mvlake.handlers.contract import Handler
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.summary import Summary


class ProfileHandler(Handler):
    """Found by its name only, and takes nothing by itself: it speaks for an object that another handler took."""

    name = "profile"
    protocol = 1
    suffix = ".json"
    is_inert = True

    def matches(self, obj: Any) -> bool:  # noqa: ARG002
        """False: what is kept as a profile is decided by a policy."""
        return False

    def fingerprint(self, obj: Any) -> Digest:
        """Refuse: it is the content's own handler that tells its digest."""
        raise NoHandler(type(obj).__name__, reason="a profile is made of what another handler says")

    def summarize(self, obj: Any) -> Summary:
        """Refuse, for the same reason."""
        raise NoHandler(type(obj).__name__, reason="a profile is made of what another handler says")

    def encode(self, obj: Any) -> bytes:
        """Refuse, for the same reason."""
        raise NoHandler(type(obj).__name__, reason="a profile is made of what another handler says")

    def decode(self, data: bytes, *, protocol: int) -> Any:  # noqa: ARG002
        """Refuse with the reason: there is no content to give back."""
        document = parse(data)
        because = document.get("because") if isinstance(document, dict) else None
        raise Invalid(
            f"only the profile of it was kept: {because if isinstance(because, str) else 'its record does not say why'}",
            hint="run its cell again under `%%track --data full`, where the lake's policy allows it",
        )


def profile_bytes(handler: str, because: str) -> bytes:
    """Return what stands for content that is not kept."""
    return canonical({"because": because, "handler": handler})


handler = ProfileHandler()
