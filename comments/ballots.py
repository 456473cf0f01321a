"""Where votes of visitors come from: enough to notice a stuffed ballot box, no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from comments.models import Vote

if TYPE_CHECKING:
    from comments.models import Question

KEPT_FOR = timedelta(days=30)
BATCH = 1000
USUAL_MULTIPLE = 5
FEW_NETWORKS = 10
# How many networks have one vote, how many two, and so on.
SIZES = """
    SELECT votes, count(*) FROM (
        SELECT count(*) AS votes FROM comments_vote
        WHERE question_id = %s AND network <> '' GROUP BY network
    ) networks GROUP BY votes ORDER BY votes
"""


@dataclass(frozen=True)
class Suspicion:
    """Of so many votes whose network is known, so many come from suspicious ones."""

    known: int
    suspicious: int

    @property
    def percent(self) -> int:
        return round(100 * self.suspicious / self.known) if self.known else 0


def digest(question: Question, network: str) -> str:
    """What stands for a network among the votes on one question, and on no other.

    Keyed with the secret of the site: who reads the table learns no address.
    """
    salt = f"comments.ballots.{question.pk}"
    return salted_hmac(salt, network, algorithm="sha256").hexdigest()


def suspicion(question: Question) -> Suspicion:
    """Estimate how much of the result comes from networks with unusually many votes.

    A network is a household, and sometimes a school or a whole mobile provider; so this
    is a reason to look, no proof. Unusual is more than five times what the middle one
    of all networks has, or more than five while fewer than ten networks have voted.
    Only votes of visitors in the last 30 days are known by their network. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(SIZES, [question.pk])
        sizes: list[tuple[int, int]] = cursor.fetchall()
    most = USUAL_MULTIPLE * middle(sizes)
    return Suspicion(
        known=sum(votes * networks for votes, networks in sizes),
        suspicious=sum(votes * networks for votes, networks in sizes if votes > most),
    )


def middle(sizes: list[tuple[int, int]]) -> int:
    """The votes of the middle network; one where there are few networks."""
    reached = list(accumulate(networks for _, networks in sizes))
    if not reached or reached[-1] < FEW_NETWORKS:
        return 1
    return next(
        votes
        for (votes, _), so_far in zip(sizes, reached, strict=True)
        if 2 * so_far >= reached[-1]
    )


def forget_networks() -> int:
    """Empty the networks of votes that are older than 30 days, some at a time.

    Each batch is done for good: what is killed in between goes on the next time.
    """
    old = Vote.objects.exclude(network="").filter(created_at__lt=Now() - KEPT_FOR)
    forgotten = 0
    while pks := list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH]):
        forgotten += Vote.objects.filter(pk__in=pks).update(network="")
    return forgotten
