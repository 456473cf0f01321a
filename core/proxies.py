"""Who is asking, and by which scheme: believed only from proxies we were told of."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SCHEMES = {"http", "https"}


class TrustedProxiesMiddleware:
    """Set the client's address and the scheme from the headers of trusted proxies.

    `X-Forwarded-For` is read from the right: the first address that is not itself a
    trusted proxy is the client. From anybody else the headers are ignored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES and is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = forwarded_client(request)
            scheme = request.META.get("HTTP_X_FORWARDED_PROTO", "")
            if scheme in SCHEMES:
                request.META["wsgi.url_scheme"] = scheme
        return self.get_response(request)


def scheme_for(address: str, forwarded: str, own: str) -> str:
    """The scheme by which `address` was asked, if it is a proxy we were told of."""
    if forwarded in SCHEMES and settings.TRUSTED_PROXIES and is_trusted(address):
        return forwarded
    return own


def forwarded_client(request: HttpRequest) -> str:
    client = str(request.META["REMOTE_ADDR"])
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    for hop in reversed([part.strip() for part in hops if part.strip()]):
        if parse(hop) is None:
            break
        client = hop
        if not is_trusted(hop):
            break
    return client


def is_trusted(address: str) -> bool:
    # A Unix socket has no address: whoever can open it stands on this machine.
    if not address:
        return True
    ip = parse(address)
    return ip is not None and any(ip in net for net in settings.TRUSTED_PROXIES)


def parse(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def client_network(request: HttpRequest) -> str:
    """What counts as one client to a limit: an IPv4 address, or an IPv6 /64."""
    ip = parse(request.META.get("REMOTE_ADDR", ""))
    if isinstance(ip, IPv6Address):
        return str(ip_network((ip, 64), strict=False))
    return str(ip or "local")
