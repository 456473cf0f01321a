from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import BaseUserManager
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import User, UserHandle  # noqa: F401

# A handle that was asked for stays taken as long, whether there is an account or not.
SIGNUP_AGE = timedelta(days=30)


class UserManager(BaseUserManager["User"]):
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def look_for_nobody(self, times: int) -> None:
        """Take as long as looking for an account, where there is none to look for."""
        for _ in range(times):
            self.filter(pk=0).first()

    def awaiting_confirmation(self) -> models.QuerySet[User]:
        """Accounts that somebody signed up for without confirming the address yet."""
        signed_up = self.filter(emailaddress__verified=False)
        return signed_up.exclude(emailaddress__verified=True).distinct()

    def never_confirmed(self) -> models.QuerySet[User]:
        """Those that have been waiting for `SIGNUP_AGE` and can have done nothing.

        Where somebody signed up again with the address, the last time counts.
        """
        return self.awaiting_confirmation().filter(
            joined_at__lt=Now() - SIGNUP_AGE,
            last_login=None,
            reserved_signups=None,
            is_active=True,
            is_staff=False,
        )

    @transaction.atomic
    def create_user(
        self, email: str, handle: str, password: str | None = None, **fields: Any
    ) -> User:
        """Save an account and its handle; without a password nobody can sign in."""
        user = self.model(email=email.strip().lower(), handle=handle.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        user.handles.create(handle=user.handle)
        return user

    @transaction.atomic
    def create_superuser(
        self, email: str, handle: str, password: str | None = None, **fields: Any
    ) -> User:
        """Save an owner, whose address counts as confirmed: whoever may call this owns
        the machine. Raises `ValidationError` where address or handle is taken.
        """
        owner = {"is_staff": True, "is_superuser": True}
        try:
            with transaction.atomic(using=self._db):
                user = self.create_user(email, handle, password, **(fields | owner))
        except IntegrityError as error:
            raise ValidationError("The address or the handle is taken.") from error
        addresses = user.emailaddress_set  # type: ignore[attr-defined]
        addresses.create(email=user.email, verified=True, primary=True)
        return user


class UserHandleQuerySet(models.QuerySet["UserHandle"]):
    def no_longer_reserved(self) -> Self:
        """Those reserved for `SIGNUP_AGE`, all of an account's when the last one is.

        Else what ends first at a known address would tell it from one that was free.
        """
        since = Now() - SIGNUP_AGE
        later = self.model.objects.filter(
            signup__user=OuterRef("signup__user"), reserved_at__gte=since
        )
        return self.filter(~Exists(later), user=None, reserved_at__lt=since)
