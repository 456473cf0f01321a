"""How often somebody may do something, counted in PostgreSQL for all processes.

Windows are fixed: the first act opens one, and when it ends counting begins anew.
"""

from __future__ import annotations

from django.db import connection

from core.models import LimitWindow

HIT = """
    INSERT INTO core_limitwindow AS w (key, count, ends_at)
    VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN w.ends_at > clock_timestamp() THEN w.count + 1 ELSE 1 END,
        ends_at = CASE WHEN w.ends_at > clock_timestamp() THEN w.ends_at
                       ELSE EXCLUDED.ends_at END
    RETURNING count, ceil(extract(epoch FROM w.ends_at - clock_timestamp()))::int
"""


def hit(key: str, *, limit: int, seconds: int) -> int:
    """Count one act; 0 means go on, more is the number of seconds to wait.

    One statement, correct under any number of concurrent callers. Commit soon: the row
    stays locked until then.
    """
    with connection.cursor() as cursor:
        cursor.execute(HIT, {"key": key[:120], "seconds": seconds})
        count, rest = cursor.fetchone()
    return max(1, rest) if count > limit else 0


def is_open(key: str) -> bool:
    """Whether something was counted under this key whose window has not ended."""
    return LimitWindow.objects.open().filter(key=key[:120]).exists()


def sweep() -> int:
    """Forget windows that have ended."""
    return LimitWindow.objects.ended().delete()[0]
