from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import BaseUserManager
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

if TYPE_CHECKING:
    from accounts.models import User


class UserManager(BaseUserManager["User"]):
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

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
