"""Publish: the tables of the index, registered where engines of a whole team find them: Delta, Iceberg or DuckLake."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mvlake.errors import InvalidVerb, MvlakeError, Refused
from mvlake.lake.parts import Parts
from mvlake.records.answers import Done
from mvlake.store.address import address_of

if TYPE_CHECKING:
    from mvlake.index.published import PublishedTable

KINDS = ("delta", "iceberg", "ducklake")
NAMESPACE = "mvlake"
_HINT = "publish --to iceberg --catalog sqlite:////home/me/catalog.db"


def publish(parts: Parts, *, to: str, catalog: str) -> Done:
    """Register the finished segments of every table, and nothing else, with an engine's catalog. No file is copied.

    Raises InvalidVerb for a kind that there is none of, and Refused where a library is missing or nothing is finished yet.
    """
    if to not in KINDS:
        raise InvalidVerb(f'"{to[:40]}" is nothing to publish to', usage=f"publish --to {'|'.join(KINDS)}")
    if to != "delta" and not catalog:
        raise InvalidVerb(f"{to} tables are in a catalog, which is to be named", usage=_HINT)
    if to == "delta" and catalog:
        raise InvalidVerb("a Delta table is its folder: it is in no catalog", usage=f"`publish` alone, or {_HINT}")
    with _saying(to):
        register = _registrar(parts, to, catalog)
    parts.log.refresh()
    parts.index.refresh()
    from mvlake.index.published import keep_published, tables_of
    from mvlake.index.segments import finished

    ranges = finished(parts.store, parts.log.head)
    if not ranges:
        raise Refused(
            f"no segment is finished: the first one is after 1,024 records, and there are {parts.log.head:,}",
            hint="`sql` reads them all the same, and `export` writes what others are to read",
        )
    tables = tables_of(parts.store, f"{_root(parts)}/index", ranges)
    with _saying(to):
        changed = [table.name for table in tables if register(table)]
    keep_published(parts.store, ranges)
    what = f"{len(tables)} tables of {len(ranges)} file{'s' if len(ranges) > 1 else ''} each, records 1 to {ranges[-1][1]:,}"
    said = "published" if changed else "nothing to do: already published,"
    return Done(f"{said} {what}, as {to}: {tables[0].folder.removesuffix(tables[0].name)}…")


@contextmanager
def _saying(to: str) -> Iterator[None]:
    """Turn what an engine's library raises, of which each has its own, into Refused. What may hold a password is left out."""
    try:
        yield
    except MvlakeError:
        raise
    except Exception as error:
        said = (str(error).strip().splitlines() or [""])[0][:200]
        why = "" if "@" in said or "://" in said else f": {said}"
        hint = "look at --catalog, and publish again: what is registered already stays"
        raise Refused(f"{to} tables could not be registered ({type(error).__name__}{why})", hint=hint) from error


def _registrar(parts: Parts, to: str, catalog: str) -> "Callable[[PublishedTable], bool]":
    library = {"delta": "deltalake", "iceberg": "pyiceberg", "ducklake": "duckdb"}[to]
    try:
        if to == "delta":
            from mvlake.index import publish_delta

            return lambda table: publish_delta.publish(table, _delta_options(os.environ))
        if to == "iceberg":
            from mvlake.index import publish_iceberg

            opened = publish_iceberg.catalog_of(catalog, _iceberg_options(os.environ), f"{_root(parts)}/iceberg")
            return lambda table: publish_iceberg.publish(table, opened, NAMESPACE)
        from mvlake.index.publish_ducklake import DuckLake

        return DuckLake(catalog, f"{_root(parts)}/ducklake/").publish
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != library:
            raise
        raise Refused(
            f"publishing to {to} needs {library}, which is not installed", hint='pip install "mvlake[publish]"'
        ) from error


def _root(parts: Parts) -> str:
    """Return where the lake is, as engines name it."""
    location = parts.store.location
    if address_of(location) is not None or os.name == "nt":
        return location
    return f"file://{location}"


def _delta_options(environ: Mapping[str, str]) -> dict[str, str]:
    # Credentials are read from the environment by the library itself, and are never handed on.
    return {"AWS_ALLOW_HTTP": "true"} if environ.get("AWS_ENDPOINT_URL", "").startswith("http://") else {}


def _iceberg_options(environ: Mapping[str, str]) -> dict[str, str]:
    names = {"s3.endpoint": "AWS_ENDPOINT_URL", "s3.region": "AWS_REGION"}
    return {option: environ[name] for option, name in names.items() if environ.get(name)}
