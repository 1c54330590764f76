"""Remote: the store that an address of a bucket leads to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mvlake.errors import Refused
from mvlake.lake import variables
from mvlake.store.address import Address, address_of

if TYPE_CHECKING:
    from mvlake.store.bucket import Bucket


def bucket_at(address: Address, environ: Mapping[str, str]) -> "Bucket":
    """Return the store; one that cannot be written where a replay runs that judges this lake."""
    try:
        from mvlake.store.bucket import Bucket
    except ImportError as error:
        raise Refused(f"{address} needs obstore, which is not installed", hint='pip install "mvlake[s3]"') from error
    return Bucket(address, leave_as_is="a replay leaves it as it is" if _is_spectated(address, environ) else "")


def _is_spectated(address: Address, environ: Mapping[str, str]) -> bool:
    return bool(environ.get(variables.CAPTURE_TO)) and address_of(environ.get(variables.LAKE, "")) == address
