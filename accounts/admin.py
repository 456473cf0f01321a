from __future__ import annotations

from typing import TYPE_CHECKING, Any

import allauth.account.admin  # noqa: F401  (registers what is taken out here)
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from accounts import services
from accounts.handles import clean_display_name, clean_handle
from accounts.models import User, UserHandle
from accounts.roles import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

# Roles are given on an account's page; its address changes where it is confirmed.
admin.site.unregister([EmailAddress, Group])

MAX_LINKS = 5
validate_url = URLValidator(schemes=["http", "https"])


class UserForm(forms.ModelForm[User]):
    """What the owner changes; address and password are the account's own affair."""

    roles = forms.MultipleChoiceField(
        required=False, choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    links = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line: the address, then what it is called.",
    )

    class Meta:
        model = User
        fields = ("handle", "display_name", "bio", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handle = self.instance.handle
        groups = self.instance.groups.values_list("name", flat=True)
        self.initial["roles"] = [name for name in groups if name in Role.values]
        self.initial["links"] = "\n".join(
            f"{link['url']} {link['label']}" for link in self.instance.links
        )

    def clean_display_name(self) -> str:
        return clean_display_name(self.cleaned_data["display_name"])

    def clean_handle(self) -> str:
        """One's own earlier handles may be taken back."""
        handle = str(self.cleaned_data["handle"]).strip().lower()
        if UserHandle.objects.filter(handle=handle, user=self.instance.pk).exists():
            return handle
        return clean_handle(handle)

    def clean_links(self) -> list[dict[str, str]]:
        lines = self.cleaned_data["links"].splitlines()
        links = []
        for line in filter(None, map(str.strip, lines)):
            url, _, label = line.partition(" ")
            validate_url(url)
            links.append({"url": url, "label": label.strip()[:60] or url})
        if len(links) > MAX_LINKS:
            raise ValidationError(f"At most {MAX_LINKS} links.")
        return links


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    form = UserForm
    list_display = ("handle", "display_name", "email", "role_names", "is_active")
    list_filter = ("is_active", "groups", "is_superuser")
    search_fields = ("handle", "display_name", "email")
    ordering = ("-joined_at",)
    readonly_fields = ("email", "joined_at", "last_login", "is_superuser")
    fields = (
        "handle",
        "email",
        "display_name",
        "bio",
        "links",
        "roles",
        "is_active",
        "is_superuser",
        "joined_at",
        "last_login",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join(["Owner", *names] if user.is_superuser else names)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: UserForm,
        change: bool,  # noqa: FBT001  (Django's signature)
    ) -> None:
        handle, obj.handle = obj.handle, form.handle
        obj.links = form.cleaned_data["links"]
        obj.save(update_fields=["display_name", "bio", "links", "is_active"])
        if handle != form.handle:
            services.change_handle(obj, handle)
        wanted = set(form.cleaned_data["roles"])
        for role in Role:
            if role.value in wanted - set(form.initial["roles"]):
                services.grant_role(obj, role)
            elif role.value in set(form.initial["roles"]) - wanted:
                services.revoke_role(obj, role)
