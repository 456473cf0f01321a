from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.mail import mailer
from tests.config.conftest import CHECKOUT


@pytest.fixture
def value(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("NAME", raising=False)
    return monkeypatch


class TestText:
    def test_empty_counts_as_absent(self, value: pytest.MonkeyPatch) -> None:
        value.setenv("NAME", "  ")

        assert env.text("NAME", "default") == "default"


class TestBoolean:
    @pytest.mark.parametrize(
        ("word", "expected"), [("yes", True), ("1", True), ("OFF", False), ("", False)]
    )
    def test_words(self, value: pytest.MonkeyPatch, word: str, expected: bool) -> None:
        value.setenv("NAME", word)

        assert env.boolean("NAME", default=False) is expected

    def test_another_word_is_refused(self, value: pytest.MonkeyPatch) -> None:
        value.setenv("NAME", "perhaps")

        with pytest.raises(ImproperlyConfigured, match="NAME must be yes or no"):
            env.boolean("NAME", default=False)


class TestPath:
    def test_a_relative_one_counts_from_here(
        self, value: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        value.chdir(tmp_path)
        value.setenv("NAME", "data")

        assert env.path("NAME", Path("/")) == tmp_path / "data"


class TestNetworks:
    def test_a_list(self, value: pytest.MonkeyPatch) -> None:
        value.setenv("NAME", "10.0.0.0/8, ::1,")

        assert env.networks("NAME") == [ip_network("10.0.0.0/8"), ip_network("::1")]

    def test_nonsense_is_refused(self, value: pytest.MonkeyPatch) -> None:
        value.setenv("NAME", "10.0.0.1/8")

        with pytest.raises(ImproperlyConfigured, match="NAME: "):
            env.networks("NAME")


class TestOrigin:
    def test_a_last_slash_is_forgiven(self, value: pytest.MonkeyPatch) -> None:
        value.setenv("NAME", "https://blog.example/")

        assert env.origin("NAME", "") == "https://blog.example"

    @pytest.mark.parametrize(
        "word", ["blog.example", "ftp://blog.example", "https://blog.example/path"]
    )
    def test_anything_else_is_refused(
        self, value: pytest.MonkeyPatch, word: str
    ) -> None:
        value.setenv("NAME", word)

        with pytest.raises(ImproperlyConfigured, match="must look like"):
            env.origin("NAME", "")


class TestDatabase:
    def test_every_part_is_read(self) -> None:
        url = "postgres://us%40er:p%2Fw@host:5433/na%20me?sslmode=require"

        assert env.database(url) == {
            "ENGINE": "config.postgres.external",
            "NAME": "na me",
            "USER": "us@er",
            "PASSWORD": "p/w",
            "HOST": "host",
            "PORT": "5433",
            "OPTIONS": {"sslmode": "require"},
        }

    @pytest.mark.parametrize(
        "url",
        ["postgresql://u@%2Frun%2Fpg/name", "postgresql://u@/name?host=/run/pg"],
    )
    def test_a_socket_folder_is_a_host(self, url: str) -> None:
        assert env.database(url)["HOST"] == "/run/pg"

    @pytest.mark.parametrize(
        "url", ["postgres://host", "mysql://host/name", "postgres://h:port/name", "x"]
    )
    def test_what_names_no_database_is_refused(self, url: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
            env.database(url)

    def test_an_option_that_libpq_does_not_know_is_refused(self) -> None:
        with pytest.raises(ImproperlyConfigured, match=r'option "sslmod"\.$'):
            env.database("postgres://u@h/name?sslmod=require")


class TestNumber:
    def test_absent_is_the_default(self, value: pytest.MonkeyPatch) -> None:
        assert env.number("NAME", default=8, least=1) == 8

    @pytest.mark.parametrize("word", ["0", "-1", "1.5", "many", "²"])
    def test_another_word_is_refused(
        self, value: pytest.MonkeyPatch, word: str
    ) -> None:
        value.setenv("NAME", word)

        with pytest.raises(ImproperlyConfigured, match="NAME must be a whole number"):
            env.number("NAME", default=8, least=1)


PASSWORDS = (
    "s3cr/xyW0rd",
    "12/xyW0rd",
    "99999/xyW0rd",
    "s3cr#xyW0rd",
    "12#xyW0rd",
    "s3cr?xyW0rd",
    "12?xyW0rd",
    "12?xy=W0rd",
    "12/xy?W0=rd",
    "s3cr[xyW0rd",
    "s3cr]xyW0rd",
    "s3cr\u2100xyW0rd",
    "s3cr@xy/W0rd",
    "s3cr:xy/W0rd",
    "//xyW0rd",
)


class TestAddress:
    @pytest.mark.parametrize("password", PASSWORDS)
    @pytest.mark.parametrize(
        ("read", "url"),
        [
            (env.database, "postgres://byline:{}@database:5432/name"),
            (lambda url: mailer(url, Path()), "smtp://byline:{}@mail.example:587"),
        ],
        ids=["database", "mail"],
    )
    def test_no_complaint_repeats_any_of_the_password(
        self, read: Callable[[str], object], url: str, password: str
    ) -> None:
        with pytest.raises(ImproperlyConfigured) as caught:
            read(url.format(password))

        error: BaseException | None = caught.value
        assert "percent-encode what" in str(error)
        said = []
        while error:
            said.append(str(error).replace("password", ""))
            error = error.__cause__ or error.__context__
        parts = re.findall(r"s3cr|99999|xy|W0|rd|\u2100", password)
        assert [part for part in parts if part in "".join(said)] == []


def test_compose_keeps_the_password_out_of_the_address() -> None:
    compose = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())

    for name in ("migrate", "web", "worker"):
        variables = compose["services"][name]["environment"]
        assert env.database(variables["DATABASE_URL"])["PASSWORD"] == ""
        assert variables["PGPASSWORD"].startswith("${POSTGRES_PASSWORD:?")
