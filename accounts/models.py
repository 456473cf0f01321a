from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from accounts.managers import UserHandleQuerySet, UserManager
from core.invisible import BIDI_PATTERN

HANDLE_PATTERN = r"[a-z0-9_]{2,30}"
validate_handle = RegexValidator(
    rf"\A{HANDLE_PATTERN}\Z",
    "Two to thirty of these: a to z, 0 to 9 and _.",
)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. Roles are groups (`accounts.permissions`)."""

    email = models.EmailField(max_length=254)
    handle = models.CharField(max_length=30, validators=[validate_handle])
    display_name = models.CharField(max_length=60, blank=True)
    bio = models.TextField(max_length=600, blank=True)
    avatar = models.CharField(max_length=80, blank=True, editable=False)
    links = models.JSONField(default=list, blank=True)
    is_staff = models.BooleanField(default=False, help_text="May open the desk.")
    is_active = models.BooleanField(default=True, help_text="May sign in.")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["handle"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_is_unique",
                violation_error_message="There is an account with this address.",
            ),
            models.UniqueConstraint(
                Lower("handle"),
                name="user_handle_is_unique",
                violation_error_message="This handle is taken.",
            ),
            models.CheckConstraint(
                condition=Q(handle__regex=rf"^{HANDLE_PATTERN}$"),
                name="user_handle_is_well_formed",
            ),
            models.CheckConstraint(
                condition=~Q(display_name__regex=BIDI_PATTERN),
                name="user_display_name_has_no_bidi_control",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def name(self) -> str:
        """What people see."""
        return self.display_name or self.handle

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("blog:author_detail", args=[self.handle])


class UserHandle(models.Model):
    """Every handle an account has had: the old ones redirect and stay taken.

    One without an account is reserved: somebody asked for it at sign-up with an address
    that has an account already, and it must count as taken all the same.
    """

    handle = models.CharField(max_length=30, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="handles")
    reserved_at = models.DateTimeField(null=True)

    objects = UserHandleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, reserved_at=None)
                | Q(user=None, reserved_at__isnull=False),
                name="user_handle_is_had_or_reserved",
            ),
            models.CheckConstraint(
                condition=Q(handle__regex=rf"^{HANDLE_PATTERN}$"),
                name="user_handle_past_is_well_formed",
            ),
        ]

    def __str__(self) -> str:
        return self.handle


class ReservedSignup(models.Model):
    """What was typed at a sign-up with an address that has an account already.

    It opens nothing. Signing in with it leads to the page that asks for a code, where
    it would lead had the address been free.
    """

    handle = models.OneToOneField(
        UserHandle, models.CASCADE, primary_key=True, related_name="signup"
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="reserved_signups")
    # Salted with the typed address: it stands for both, and is the same for the same.
    password = models.CharField(max_length=128)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["password"], name="reserved_signup_password"),
        ]

    def __str__(self) -> str:
        return self.handle_id


class OwnerInvitation(models.Model):
    """The one open door of the first run: who holds its token becomes the owner."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M}"
