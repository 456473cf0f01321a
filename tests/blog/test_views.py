from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries as AtMost

from blog import services
from tests.conftest import Member
from tests.factories import make_author, make_post, make_stranger, make_user

pytestmark = pytest.mark.django_db


def tomorrow() -> object:
    return timezone.now() + timedelta(days=1)


class TestHome:
    def test_shows_newest_first_and_featured_before(self, client: Client) -> None:
        for title, hours, featured in [
            ("Old", 9, True),
            ("Mid", 5, None),
            ("New", 1, None),
        ]:
            at = timezone.now() - timedelta(hours=hours)
            make_post(
                title=title, published_at=at, featured_at=at if featured else None
            )

        page = client.get("/").content.decode()

        assert page.index("Old") < page.index("New") < page.index("Mid")

    def test_hides_what_is_not_listed(self, client: Client) -> None:
        make_post(title="Secret draft", published_at=None)
        make_post(title="Tomorrow only", published_at=tomorrow())
        make_post(title="Quiet one", listed=False)
        services.delete_post(make_post(title="Thrown away"))

        page = client.get("/").content.decode()

        for title in ["Secret draft", "Tomorrow only", "Quiet one", "Thrown away"]:
            assert title not in page

    def test_empty_blog_says_so(self, client: Client) -> None:
        response = client.get("/")

        assert response.status_code == 200
        assert b"h-feed" in response.content

    def test_second_page_holds_the_rest(self, client: Client) -> None:
        author = make_author()
        for n in range(21):
            at = timezone.now() - timedelta(hours=n + 1)
            make_post(author=author, title=f"Number {n:02}", published_at=at)

        first, second = client.get("/"), client.get("/?page=2")

        assert b"Number 20" not in first.content
        assert b"Number 20" in second.content

    @pytest.mark.parametrize("number", ["2", "0", "x", "-1", "9999999999"])
    def test_page_that_does_not_exist_is_404(self, client: Client, number: str) -> None:
        make_post()

        assert client.get(f"/?page={number}").status_code == 404

    def test_undeclared_parameters_change_nothing(self, client: Client) -> None:
        make_post()

        assert client.get("/?utm_source=x").content == client.get("/").content

    def test_refuses_post(self, client: Client) -> None:
        assert client.post("/").status_code == 405


class TestPostDetail:
    def test_shows_the_article(self, client: Client) -> None:
        author = make_author(display_name="Mara Lind")
        post = make_post(
            author=author, title="On <rows>", body="Hello **you**.", tags=["SQL"]
        )

        page = client.get(f"/posts/{post.slug}/").content.decode()

        assert "<strong>you</strong>" in page
        assert "On &lt;rows&gt;" in page
        assert "Mara Lind" in page
        assert "/tags/sql/" in page

    def test_non_latin_slug_is_an_address(self, client: Client) -> None:
        make_post(title="Почему так")

        assert client.get("/posts/почему-так/").status_code == 200

    def test_unknown_slug_is_404(self, client: Client) -> None:
        response = client.get("/posts/nothing-here/")

        assert response.status_code == 404
        assert b'href="/"' in response.content

    @pytest.mark.parametrize("is_scheduled", [False, True])
    def test_stranger_gets_404_for_what_is_not_public(
        self, client: Client, is_scheduled: bool
    ) -> None:
        post = make_post(published_at=tomorrow() if is_scheduled else None)

        assert client.get(f"/posts/{post.slug}/").status_code == 404

    def test_author_too_gets_404_for_the_own_draft(self, author_client: Member) -> None:
        post = make_post(author=author_client.user, published_at=None)

        assert author_client.get(f"/posts/{post.slug}/").status_code == 404

    def test_deleted_post_is_410(self, client: Client) -> None:
        post = make_post()
        services.delete_post(post)

        assert client.get(f"/posts/{post.slug}/").status_code == 410

    def test_deleted_draft_is_404(self, client: Client) -> None:
        post = make_post(published_at=None)
        services.delete_post(post)

        assert client.get(f"/posts/{post.slug}/").status_code == 404

    def test_old_slug_redirects_for_ever(self, client: Client) -> None:
        post = make_post(slug="old")
        services.save_post(post, editor=None, slug="new")

        response = client.get("/posts/old/")

        assert (response.status_code, response["Location"]) == (301, "/posts/new/")

    @pytest.mark.parametrize("path", ["/posts/One/", "/POSTS/one/", "/posts/one"])
    def test_other_case_or_missing_slash_redirects(
        self, client: Client, path: str
    ) -> None:
        make_post(slug="one")

        response = client.get(path)

        assert (response.status_code, response["Location"]) == (301, "/posts/one/")

    def test_unlisted_post_is_readable_by_its_address(self, client: Client) -> None:
        post = make_post(listed=False)

        assert client.get(f"/posts/{post.slug}/").status_code == 200

    def test_related_posts_say_what_is_shared(self, client: Client) -> None:
        make_post(title="Indexes", tags=["postgresql", "speed"])
        make_post(title="Bread", tags=["kitchen"])
        post = make_post(title="Plans", tags=["postgresql", "speed"])

        page = client.get(f"/posts/{post.slug}/").content.decode()
        related = page[page.index("related") :]

        assert "Indexes" in related
        assert "postgresql" in related

    def test_headings_are_linked_beside_and_above_the_text(
        self, client: Client
    ) -> None:
        body = "\n\n".join(f"## {word}" for word in ("One", "Two", "R & `<D>`", "End"))
        post = make_post(body=body)

        page = client.get(f"/posts/{post.slug}/").content.decode()

        link = '<a class="toc__link" href="#section-r-d">R &amp; &lt;D&gt;</a>'
        assert page.count(link) == 2
        assert page.count('<li class="toc__item toc__item--2">') == 8

    def test_three_headings_need_no_contents(self, client: Client) -> None:
        post = make_post(body="## One\n\n## Two\n\n## Three")

        page = client.get(f"/posts/{post.slug}/").content.decode()

        assert "toc__" not in page

    def test_neighbors_are_linked(self, client: Client) -> None:
        now = timezone.now()
        older = make_post(title="Older", published_at=now - timedelta(days=3))
        post = make_post(title="This", published_at=now - timedelta(days=2))
        newer = make_post(title="Newer", published_at=now - timedelta(days=1))

        page = client.get(f"/posts/{post.slug}/").content.decode()

        assert f'href="/posts/{older.slug}/"' in page
        assert f'href="/posts/{newer.slug}/"' in page


class TestPostPreview:
    def test_holder_of_the_link_reads_the_draft(self, client: Client) -> None:
        post = make_post(title="Not yet", published_at=None)
        link = services.create_preview_link(post, user=None)

        response = client.get(f"/preview/{link.token}/")

        assert response.status_code == 200
        assert b"Not yet" in response.content
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]

    def test_revoked_link_is_404(self, client: Client) -> None:
        post = make_post(published_at=None)
        link = services.create_preview_link(post, user=None)
        services.revoke_preview_links(post)

        assert client.get(f"/preview/{link.token}/").status_code == 404

    def test_expired_link_is_404(self, client: Client) -> None:
        link = services.create_preview_link(make_post(published_at=None), user=None)
        link.expires_at = timezone.now() - timedelta(seconds=1)
        link.save()

        assert client.get(f"/preview/{link.token}/").status_code == 404

    def test_link_of_a_public_post_leads_to_it(self, client: Client) -> None:
        post = make_post()
        link = services.create_preview_link(post, user=None)

        response = client.get(f"/preview/{link.token}/")

        assert response["Location"] == f"/posts/{post.slug}/"

    def test_deleted_post_is_404(self, client: Client) -> None:
        post = make_post(published_at=None)
        link = services.create_preview_link(post, user=None)
        services.delete_post(post)

        assert client.get(f"/preview/{link.token}/").status_code == 404


class TestTagPages:
    def test_list_counts_what_is_listed(self, client: Client) -> None:
        make_post(tags=["python"])
        make_post(tags=["python", "secret-plan"], published_at=None)

        response = client.get("/tags/")

        assert b"python" in response.content
        assert b"secret-plan" not in response.content

    def test_shows_its_posts(self, client: Client) -> None:
        make_post(title="About Python", tags=["python"])
        make_post(title="About bread", tags=["bread"])

        page = client.get("/tags/python/").content

        assert b"About Python" in page
        assert b"About bread" not in page

    def test_tag_without_public_posts_is_404(self, client: Client) -> None:
        make_post(tags=["python"], published_at=None)

        assert client.get("/tags/python/").status_code == 404

    def test_renamed_tag_redirects(self, client: Client) -> None:
        make_post(tags=["js"])
        (tag,) = services.tags_from_names(["js"])
        tag.name = "JavaScript"
        services.save_tag(tag)

        assert client.get("/tags/js/")["Location"] == "/tags/javascript/"

    def test_unknown_tag_is_404(self, client: Client) -> None:
        assert client.get("/tags/none/").status_code == 404


class TestAuthorDetail:
    def test_shows_the_author_and_the_posts(self, client: Client) -> None:
        author = make_author(handle="mara", bio="Writes about rows.")
        make_post(author=author, title="By Mara")
        make_post(title="By another")

        page = client.get("/@mara/").content

        assert b"Writes about rows." in page
        assert b"By Mara" in page
        assert b"By another" not in page

    def test_other_case_redirects(self, client: Client) -> None:
        make_user(handle="mara")

        assert client.get("/@Mara/")["Location"] == "/@mara/"

    def test_author_awaiting_confirmation_has_a_page_once_published(
        self, client: Client
    ) -> None:
        author = make_stranger(handle="mara")

        before = client.get("/@mara/")
        make_post(author=author)

        assert (before.status_code, client.get("/@mara/").status_code) == (404, 200)

    def test_member_without_posts_has_a_page(self, client: Client) -> None:
        make_user(handle="mara")

        assert client.get("/@mara/").status_code == 200

    def test_unknown_handle_is_404(self, client: Client) -> None:
        assert client.get("/@nobody/").status_code == 404


def test_robots_keeps_out_of_private_addresses(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /preview/" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


class TestQueryCounts:
    LIMIT_ARTICLE = 9
    LIMIT_HOME = 5

    @pytest.mark.parametrize("n", [1, 25])
    def test_home(
        self,
        client: Client,
        n: int,
        django_assert_max_num_queries: AtMost,
    ) -> None:
        for k in range(n):
            make_post(tags=[f"tag{k}", "shared"])

        with django_assert_max_num_queries(self.LIMIT_HOME):
            client.get("/")

    @pytest.mark.parametrize("n", [1, 25])
    def test_article(
        self,
        client: Client,
        n: int,
        django_assert_max_num_queries: AtMost,
    ) -> None:
        posts = [make_post(tags=["shared", f"tag{k}"]) for k in range(n)]

        with django_assert_max_num_queries(self.LIMIT_ARTICLE):
            client.get(f"/posts/{posts[0].slug}/")


@pytest.mark.parametrize("path", ["/posts/a%00/", "/tags/a%00/", "/@a%00/"])
def test_address_with_a_nul_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
