"""Remote places: the URLs and hosts that a cell spoke to."""

import socket
from collections.abc import Iterable, Iterator

from mvlake.capture.files.openings import Openings
from mvlake.capture.files.seen import SeenPlace
from mvlake.capture.files.urls import host_of, is_read_natively, public_url, url_in
from mvlake.records.files import Flow, FoundBy, PlaceKind

_UNSEEN = "it was read over the network: its content is not kept"
_NAMELESS = "only that the cell spoke to this host is known: what it read is not kept"
_HERE = frozenset(("localhost", "127.0.0.1", "::1", "0.0.0.0", "::"))  # noqa: S104 - nothing is bound
_MOST = 50


def remote_places(openings: Openings, texts: Iterable[str], source: str) -> Iterator[SeenPlace]:
    """Yield URLs that were asked for, or that the cell names for a host that it spoke to; then the hosts that no URL explains."""
    hosts = {host.lower() for host, _ in openings.hosts}
    asked = {url: FoundBy.OPENED for url in openings.urls if not url.startswith(("file:", "data:"))}
    for text in texts:
        url = url_in(text) if "://" in text[:30] else None
        if url is not None and url not in asked and (host_of(url) in hosts or is_read_natively(url, source)):
            asked[url] = FoundBy.NAMED
    told = dict.fromkeys((public_url(url), way) for url, way in list(asked.items())[:_MOST])
    for url, way in told:
        yield SeenPlace(url, url, Flow.READ, frozenset((way,)), kind=PlaceKind.URL, problem=_UNSEEN)
    explained = {host_of(url) for url in asked}
    for host, port in list(openings.hosts)[:_MOST]:
        if host.lower() not in explained and not _is_this_machine(host, port):
            place = f"{host}:{port}" if port else host
            yield SeenPlace(place, place, Flow.READ, frozenset((FoundBy.OPENED,)), kind=PlaceKind.HOST, problem=_NAMELESS)


def _is_this_machine(host: str, port: int) -> bool:
    """True for a look-up of this machine's own name; a port of it is a server that may hold data."""
    return not port and (host in _HERE or host == socket.gethostname())
