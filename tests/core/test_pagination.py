from __future__ import annotations

import pytest

from accounts.models import User
from core.pagination import NoSuchPage, paginate
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_first_page_exists_even_when_empty() -> None:
    page = paginate(User.objects.order_by("pk"), "", 2)

    assert (page.items, page.number, page.previous_number, page.next_number) == (
        *([], 1, None, None),
    )


def test_pages_know_their_neighbors() -> None:
    users = [make_user() for _ in range(5)]

    page = paginate(User.objects.order_by("pk"), "2", 2)

    assert page.items == users[2:4]
    assert (page.previous_number, page.next_number) == (1, 3)


@pytest.mark.parametrize("number", ["0", "-1", "a", "1.5", "01", "٣", "9" * 30, "2"])
def test_what_is_no_page_is_refused(number: str) -> None:
    make_user()

    with pytest.raises(NoSuchPage):
        paginate(User.objects.order_by("pk"), number, 2)
