"""From the mail to the page: how guests confirm their address."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from blog import services as blog_services
from blog.models import Post, PostStats
from comments import confirmation, guests, moderation
from comments.models import Comment, Guest
from config.mail import mailer
from core.models import SiteSettings
from core.worker import work
from tests.comments.guests import JSON, confirm, link_of, words, write, write_one
from tests.concurrency import together
from tests.conftest import Member, without_mark
from tests.factories import make_comment, make_post

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from tests.conftest import Outbox

GONE = "It was good for seven days"


@pytest.fixture
def talk(db: None) -> Post:
    return make_post(slug="talk", title="A & B")


@pytest.mark.django_db
class TestMail:
    def test_has_the_link_and_nothing_of_the_comment(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        write_one(client, body="Cheap watches", name="Buy now")

        [mail] = outbox()

        assert isinstance(mail, EmailMultiAlternatives)
        html = str(mail.alternatives[0][0])
        assert mail.to == ["grace@example.org"]
        assert mail.subject == "Publish your comment at Byline"
        assert "A & B" in mail.body
        assert "A &amp; B" in html
        assert link_of([mail]) in html
        for text in (str(mail.body), html):
            assert "watches" not in text
            assert "Buy" not in text

    def test_asks_with_one_button_and_fits_a_phone(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        write_one(client)

        [mail] = outbox()

        assert isinstance(mail, EmailMultiAlternatives)
        html = str(mail.alternatives[0][0])
        [button, _] = re.findall("<a [^>]+>", html)
        assert 'class="act"' in button
        assert link_of([mail]) in button
        assert '<meta name="viewport" content="width=device-width">' in html

    def test_goes_out_with_the_comment_or_not_at_all(self, talk: Post) -> None:
        ProcrastinateJob.objects.all().delete()
        write(Client(), body="[x]: http://example.org")
        write(Client(), parent="aaaaaaaaaa")
        assert not ProcrastinateJob.objects.exists()

        write(Client())

        assert ProcrastinateJob.objects.get().task_name == "send_mail"

    def test_one_address_gets_five_an_hour_and_all_comments_are_kept(
        self, talk: Post, outbox: Outbox
    ) -> None:
        for _ in range(7):
            write_one(Client())

        assert Comment.objects.count() == 7
        assert len(outbox()) == 5

    def test_earlier_link_publishes_what_is_written_later(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        write_one(client)
        earlier = link_of(outbox())
        later = write_one(client)

        Client().post(earlier)

        later.refresh_from_db()
        assert later.is_visible


@pytest.mark.django_db
class TestWaiting:
    def test_page_says_what_to_do_and_names_no_address(
        self, talk: Post, client: Client
    ) -> None:
        page = client.get(write(client)["Location"])

        assert "Almost there: confirm your address" in page.text
        assert "<strong>said</strong>" in page.text
        assert "grace@" not in page.text
        assert "no-store" in page.headers["Cache-Control"]
        assert 'name="csrfmiddlewaretoken"' in page.text

    def test_script_is_told_that_it_waits(self, talk: Post, client: Client) -> None:
        comment = write_one(client, key="k")

        said = client.post("/posts/talk/comments/new/", words(key="k"), headers=JSON)

        assert said.json() == {
            "url": f"/comments/{comment.public_id}/waiting/",
            "id": comment.public_id,
            "state": "pending",
        }

    def test_mail_is_sent_again_a_few_times(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        path = write(client)["Location"]

        again = [client.post(path) for _ in range(5)]

        statuses = [response.status_code for response in again]
        assert statuses == [303, 303, 303, 303, 429]
        assert int(again[-1]["Retry-After"]) > 60
        assert again[0]["Location"] == f"{path}?sent=1"
        assert "once more" in client.get(f"{path}?sent=1").text
        assert len(outbox()) == 5
        assert len({link_of([mail]) for mail in outbox()}) <= 5

    def test_nobody_else_sees_it(
        self, talk: Post, client: Client, member_client: Member
    ) -> None:
        path = write(client)["Location"]

        for other in (Client(), member_client, written_elsewhere()):
            assert other.get(path).status_code == 404
            assert other.post(path).status_code == 404

    @pytest.mark.usefixtures("empty_queue")
    def test_one_that_waits_for_a_moderator_says_so(self, client: Client) -> None:
        make_post(slug="talk", comment_policy="moderate")
        path = write(client)["Location"]

        page = client.get(path)
        client.post(path)

        assert "waits for a moderator" in page.text
        assert not ProcrastinateJob.objects.filter(task_name="send_mail").exists()

    def test_one_that_is_seen_leads_on(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        path = write(client)["Location"]
        confirm(outbox())

        page = client.get(path)

        assert page["Location"] == path.replace("waiting", "options")


@pytest.mark.django_db
class TestConfirm:
    def test_looking_confirms_nothing(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        write_one(client)

        for look in (Client().get, Client().head):
            page = look(link_of(outbox()))
            assert page.status_code == 200
        page = Client().get(link_of(outbox()))

        assert "Well <strong>said</strong>" in page.text
        assert "Grace" in page.text
        assert 'name="csrfmiddlewaretoken"' in page.text
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert Comment.objects.get().state == "pending"
        assert not Guest.objects.filter(trusted_at__isnull=False).exists()

    def test_button_publishes_all_that_waits_and_leads_to_it(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        first, newest = write_one(client), write_one(client)
        elsewhere = write_one(Client())
        other_address = write_one(client, email="other@example.org")

        done = confirm(outbox()[:1])

        assert done.status_code == 303
        landed = without_mark(done["Location"])
        assert landed == f"/posts/talk/#comment-{newest.public_id}"
        assert states(first, newest, elsewhere, other_address) == [
            *("visible", "visible", "pending", "pending")
        ]
        assert PostStats.objects.get(post=talk).comment_count == 2
        assert first.guest
        assert Guest.objects.get(trusted_at__isnull=False) == first.guest

    def test_it_trusts_the_browser_that_wrote_and_not_the_one_that_clicked(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        comment = write_one(client)
        clicked = Client()
        clicked.post(link_of(outbox()))

        assert write_one(client).is_visible
        assert clicked.get("/me/").json()["comments"] == {}
        edit = f"/comments/{comment.public_id}/edit/"
        assert clicked.get(edit).status_code == 302
        assert client.get(edit).status_code == 200

    def test_second_click_is_harmless(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        comment = write_one(client)
        link = link_of(outbox())
        first = Client().post(link)
        moderation.remove_comment(write_one(client))

        second = Client().post(link)
        looked = Client().get(link)

        assert without_mark(second["Location"]) == without_mark(first["Location"])
        assert "is confirmed" in looked.text
        assert f"/comments/{comment.public_id}/" in looked.text
        assert PostStats.objects.get(post=talk).comment_count == 1

    @pytest.mark.parametrize("token", ["x", "1.1abc.def", "1:2:3", "%00", "a" * 500])
    def test_broken_link_says_what_to_do(self, db: None, token: str) -> None:
        for answer in (Client().get, Client().post):
            page = answer(f"/comments/confirm/{token}/")
            assert page.status_code in {400, 404}
            assert "write your comment again" in page.text or token == "%00"

    def test_old_link_says_so_and_leads_to_a_new_one(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        comment = write_one(client)
        link = link_of(outbox())

        with time_machine.travel(timezone.now() + timedelta(days=8)):
            looked, pressed = Client().get(link), Client().post(link)

        assert looked.status_code == pressed.status_code == 410
        assert GONE in looked.text
        assert f'href="/comments/{comment.public_id}/waiting/"' in looked.text
        assert states(comment) == ["pending"]

    def test_link_to_what_was_taken_back_has_nothing_to_publish(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        moderation.delete_comment(write_one(client))

        page = Client().get(link_of(outbox()))

        assert page.status_code == 200
        assert "What was written is not here any more" in page.text
        assert "publish it" not in page.text
        assert "<form" not in page.text.split("<main")[1]

    def test_link_of_a_guest_who_is_gone_is_broken(self, talk: Post) -> None:
        guest = Guest(pk=4_000_000)

        with pytest.raises(confirmation.LinkBroken):
            confirmation.guest_of(confirmation.make_token(guest))


@pytest.mark.django_db
class TestMeanwhile:
    @pytest.mark.parametrize("policy", ["closed", "members"])
    def test_where_guests_cannot_write_any_more_a_moderator_looks(
        self, talk: Post, client: Client, outbox: Outbox, policy: str
    ) -> None:
        comment = write_one(client)
        SiteSettings.objects.create(pk=1, comment_policy=policy)

        done = confirm(outbox())

        comment.refresh_from_db()
        assert (comment.state, comment.waits_for) == ("pending", "moderator")
        assert done["Location"] == link_of(outbox())
        assert "waits for a moderator" in Client().get(done["Location"]).text

    def test_deleted_article_is_told(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        write_one(client)
        blog_services.delete_post(talk)

        done = confirm(outbox())

        assert "not here any more" in Client().get(done["Location"]).text

    def test_answer_stands_under_what_was_deleted(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        parent = make_comment(talk)
        answer = write_one(client, parent=parent.public_id)
        moderation.delete_comment(parent)

        confirm(outbox())

        assert states(answer) == ["visible"]
        page = client.get("/posts/talk/").text
        assert "Well <strong>said</strong>" in page
        assert "deleted" in page

    @pytest.mark.parametrize(
        "state", [Comment.State.SPAM, Comment.State.REMOVED, Comment.State.DELETED]
    )
    def test_what_was_decided_stays(
        self, talk: Post, client: Client, outbox: Outbox, state: Comment.State
    ) -> None:
        comment = write_one(client)
        listed = list(guests.waiting(Guest.objects.get()))
        moderation.change_state(comment, state)

        guests.publish(listed[0])
        confirm(outbox())

        assert states(comment) == [state]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_while_the_mail_server_is_away_the_comment_waits(
    settings: Settings, tmp_path: Path
) -> None:
    settings.MAILERS = {"default": mailer("smtp+plain://127.0.0.1:9", tmp_path)}
    make_post(slug="talk")
    client = Client()

    page = client.get(write(client)["Location"])
    asyncio.run(work(wait=False))

    job = ProcrastinateJob.objects.get(task_name="send_mail")
    assert (job.status, job.attempts) == ("todo", 1)
    assert "tried again for a day" in page.text
    assert Comment.objects.get().state == "pending"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_waiting_when_writing_and_confirming_meet() -> None:
    post = make_post(slug="talk")
    visitor, email = confirm_later(post)
    guest = Guest.objects.get()

    def say(n: int) -> None:
        guests.submit_comment(
            post=post,
            visitor=visitor,
            email=email,
            name="Grace",
            body=f"Number {n}",
            key=f"racing-{n}",
        )

    acts = [partial(say, n) for n in range(8)]
    failures = together([*acts, *[lambda: guests.confirm(guest)] * 3])

    assert failures == []
    assert set(Comment.objects.values_list("state", flat=True)) == {"visible"}
    assert PostStats.objects.get(post=post).comment_count == 9


def confirm_later(post: Post) -> tuple[UUID, str]:
    visitor, email = uuid4(), "grace@example.org"
    guests.submit_comment(
        post=post,
        visitor=visitor,
        email=email,
        name="Grace",
        body="First",
        key="first",
    )
    return visitor, email


def written_elsewhere() -> Client:
    client = Client()
    write_one(client, body="Elsewhere")
    return client


def states(*comments: Comment) -> list[str]:
    found = dict(Comment.objects.values_list("pk", "state"))
    return [found[comment.pk] for comment in comments]
