from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


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
