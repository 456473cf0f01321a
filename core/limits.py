"""How often somebody may do something, counted in PostgreSQL for all processes.

Windows are fixed: the first act opens one, and when it ends counting begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from core.models import LimitWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

HIT = """
    INSERT INTO core_limitwindow AS w (key, count, ends_at)
    SELECT %s, 1, clock_timestamp() + make_interval(secs => %s) {condition}
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN w.ends_at > clock_timestamp() THEN w.count + 1 ELSE 1 END,
        ends_at = CASE WHEN w.ends_at > clock_timestamp() THEN w.ends_at
                       ELSE EXCLUDED.ends_at END
    RETURNING count,
        ceil(extract(epoch FROM w.ends_at - clock_timestamp()))::int AS rest
"""


@dataclass(frozen=True)
class Window:
    """So many acts in so many seconds, counted under this key."""

    key: str
    limit: int
    seconds: int


def hit(key: str, *, limit: int, seconds: int) -> int:
    """What `hit_all` says of one window."""
    return hit_all([Window(key, limit, seconds)])


def hit_all(windows: Sequence[Window]) -> int:
    """Count one act in each; 0 means go on, more is the number of seconds to wait.

    They are counted in this order, and none after the first that is full. Their keys
    differ. One statement, correct under any number of concurrent callers. Commit soon:
    the rows stay locked until then.
    """
    if not windows:
        return 0
    counted: list[str] = []
    params: list[str | int] = []
    for n, window in enumerate(windows):
        condition = f"FROM hit_{n - 1} WHERE count <= %s" if n else ""
        counted.append(f"hit_{n} AS ({HIT.format(condition=condition)})")
        params += [window.key[:120], window.seconds]
        params += [windows[n - 1].limit] if n else []
    found = " UNION ALL ".join(
        f"SELECT {n}, count, rest FROM hit_{n}"  # noqa: S608
        for n in range(len(windows))
    )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(counted)} {found} ORDER BY 1", params)
        last, count, rest = cursor.fetchall()[-1]
    return max(1, rest) if count > windows[last].limit else 0


def is_open(key: str) -> bool:
    """Whether something was counted under this key whose window has not ended."""
    return LimitWindow.objects.open().filter(key=key[:120]).exists()


def sweep() -> int:
    """Forget windows that have ended."""
    return LimitWindow.objects.ended().delete()[0]
