"""Remote: the store that an address of a bucket leads to, and what of it is kept on this machine."""

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from mvlake.errors import Refused
from mvlake.lake import variables
from mvlake.lake.user_folders import cache_folder
from mvlake.store.address import Address, address_of

if TYPE_CHECKING:
    from mvlake.store.cached_bucket import CachedBucket

_CACHED = 4 << 30


def bucket_at(address: Address, environ: Mapping[str, str]) -> "CachedBucket":
    """Return the store; one that cannot be written where a replay runs that judges this lake."""
    try:
        from mvlake.store.cached_bucket import CachedBucket
    except ModuleNotFoundError as error:
        if error.name != "obstore":
            raise
        raise Refused(f"{address} needs obstore, which is not installed", hint='pip install "mvlake[s3]"') from error
    return CachedBucket(address, leave_as_is="a replay leaves it as it is" if _is_spectated(address, environ) else "")


def keep_near(store: "CachedBucket", lake_id: str, environ: Mapping[str, str]) -> None:
    """Keep what is read of a lake in the user's cache folder: MVLAKE_CACHE GB of it, 4 when that is not said."""
    from mvlake.store.cache import Cache

    try:
        limit = int(float(environ.get(variables.CACHE, "")) * (1 << 30))
    except (ValueError, OverflowError):
        limit = _CACHED
    folder = cache_folder(environ)
    if limit > 0 and folder is not None:
        # An id comes from whoever wrote the bucket: it names no folder as it is.
        name = sha256(f"{lake_id}\n{store.location}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        store.keep(Cache(folder / "mvlake" / "lakes" / name, limit=limit))


def _is_spectated(address: Address, environ: Mapping[str, str]) -> bool:
    return bool(environ.get(variables.CAPTURE_TO)) and address_of(environ.get(variables.LAKE, "")) == address
