from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.forms import NumberInput

from reactions import tasks
from reactions.models import Reaction, ReactionKind

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(ReactionKind)
class ReactionKindAdmin(admin.ModelAdmin[ReactionKind]):
    """The slug is in pages, counts and scripts: it stays what it was at first.

    Another weight is another order of comments, which the worker then finds.
    """

    list_display = ("emoji", "label", "slug", "weight", "position")
    list_display_links = ("emoji", "label")
    list_editable = ("position",)
    actions = None

    @override
    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """In the list only the head of the column says what the field is."""
        position = NumberInput(attrs={"aria-label": "Position"})
        return super().get_changelist_form(
            request, **kwargs, widgets={"position": position}
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: ReactionKind | None = None
    ) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    @override
    def save_model(
        self, request: HttpRequest, obj: ReactionKind, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "weight" in form.changed_data:
            tasks.weigh_comments.defer(kind_pk=obj.pk)

    def has_delete_permission(
        self, request: HttpRequest, obj: ReactionKind | None = None
    ) -> bool:
        """Only what nobody has given yet can go: reactions are never thrown away."""
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return not Reaction.objects.filter(kind=obj).exists()
