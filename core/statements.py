"""Querysets that are built and compiled once, then asked with other values each time.

What a page asks is the same for every page but for a key or two, and Django spends ten
times as long on finding the words of the question as on the question
(`docs/decisions/0022-questions-of-a-page-are-worded-once.md`).
"""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Lookup
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet


LOCKS_NOTHING = "select_for_update cannot be used outside of a transaction."


class Given(Expression):
    """The place of a value that is named when the statement is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def get_group_by_cols(self) -> list[Any]:
        return []


@Field.register_lookup
class AnyOf(Lookup[Any]):
    """`pk__any_of=Given("pks")`: the same words for lists of any length.

    No row is any of an empty list.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_params, *right_params)


class Statement[Row]:
    """A queryset that `build` makes at the first asking, and never again.

    What `build` reads beside the database (settings, the time) stays as it was then;
    where a value differs from one asking to the next, the queryset has a `Given`.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build

    def all(self, **given: object) -> list[Row]:
        """The rows. One query. Raises `KeyError` where a value is not named."""
        queryset = self._worded.all()
        queryset.query.given = given  # type: ignore[attr-defined]
        return list(queryset)

    def first(self, **given: object) -> Row | None:
        """The first of the rows. All are read: the queryset says how many there are."""
        return next(iter(self.all(**given)), None)

    @cached_property
    def _worded(self) -> QuerySet[Any, Row]:
        queryset = self._build()
        query = cast("WordedQuery", queryset.query.chain(klass=WordedQuery))
        query.worded = Worded(query, connections[queryset.db], queryset.db)
        query.worded.find_words()
        queryset.query = query
        return queryset


class WordedQuery(Query):
    """Has its compiler already, with all that is needed to read the rows."""

    worded: Worded
    given: Mapping[str, object]

    def get_compiler(self, using: str | None = None, *args: Any, **options: Any) -> Any:
        return self.worded.for_asking(self.given)


class Worded(SQLCompiler):
    words: str
    params: tuple[Any, ...]
    given: Mapping[str, object]

    def find_words(self) -> None:
        self.words, self.params = super().as_sql()

    def for_asking(self, given: Mapping[str, object]) -> Worded:
        """A copy for one asking, on the connection of this thread."""
        asking = copy(self)
        asking.given = given
        asking.connection = connections[self.using or DEFAULT_DB_ALIAS]
        return asking

    def as_sql(self, *args: Any, **options: Any) -> tuple[str, tuple[Any, ...]]:
        if self.query.select_for_update and self.connection.get_autocommit():
            # Django asks this when it words a question, not when it asks it.
            raise TransactionManagementError(LOCKS_NOTHING)
        return self.words, tuple(
            self.given[param.name] if isinstance(param, Given) else param
            for param in self.params
        )
