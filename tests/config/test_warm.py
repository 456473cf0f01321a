from __future__ import annotations

import pytest
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import clear_url_caches, get_resolver
from pytest_django import DjangoAssertNumQueries

from config.warm import warm


@pytest.mark.django_db
def test_templates_and_addresses_are_there_before_the_first_reader(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)
    (loader,) = backend.engine.template_loaders
    loader.reset()
    clear_url_caches()

    with django_assert_num_queries(0):
        warm()

    known = loader.get_template_cache  # type: ignore[attr-defined]
    assert {"base.html", "blog/post_detail.html"} < set(known)
    assert get_resolver()._populated  # type: ignore[attr-defined]
