from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from core.proxies import TrustedProxiesMiddleware, client_network


def seen(
    address: str, forwarded: str = "", scheme: str = "http"
) -> tuple[str, str | None]:
    """Client and scheme as a view sees them."""
    request = RequestFactory().get(
        "/",
        REMOTE_ADDR=address,
        headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": scheme},
    )
    found: list[tuple[str, str | None]] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append((request.META["REMOTE_ADDR"], request.scheme))
        return HttpResponse()

    TrustedProxiesMiddleware(view)(request)
    return found[0]


@pytest.fixture
def _proxies(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


@pytest.mark.usefixtures("_proxies")
class TestTrustedProxies:
    @pytest.mark.parametrize(
        ("address", "forwarded", "client"),
        [
            ("10.1.1.1", "198.51.100.7", "198.51.100.7"),
            ("10.1.1.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
            ("10.1.1.1", "6.6.6.6, 198.51.100.7, 10.2.2.2", "198.51.100.7"),
            ("10.1.1.1", "198.51.100.7, nonsense", "10.1.1.1"),
            ("10.1.1.1", "", "10.1.1.1"),
            ("::1", "2001:db8::5", "2001:db8::5"),
            ("", "198.51.100.7", "198.51.100.7"),
            ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ],
    )
    def test_client_is_the_first_stranger_from_the_right(
        self, address: str, forwarded: str, client: str
    ) -> None:
        assert seen(address, forwarded)[0] == client

    @pytest.mark.parametrize(
        ("address", "told", "scheme"),
        [
            ("10.1.1.1", "https", "https"),
            ("10.1.1.1", "gopher", "http"),
            ("203.0.113.9", "https", "http"),
        ],
    )
    def test_scheme_is_believed_from_proxies_alone(
        self, address: str, told: str, scheme: str
    ) -> None:
        assert seen(address, scheme=told)[1] == scheme


def test_nobody_is_believed_unless_named(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []

    assert seen("10.1.1.1", "198.51.100.7", "https") == ("10.1.1.1", "http")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "local"),
    ],
)
def test_one_client_is_an_address_or_a_subnet(address: str, network: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=address)

    assert client_network(request) == network
