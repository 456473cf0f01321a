from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/me/", "/nowhere/", "/health/live"])
def test_stranger_costs_no_query_on_the_way(
    client: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get(path)


def test_unknown_session_costs_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32

    with django_assert_num_queries(0):
        client.get("/nowhere/")
    with django_assert_num_queries(1):
        client.get("/me/")
