from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import BaseUserManager
from django.db import transaction

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

    def create_superuser(
        self, email: str, handle: str, password: str | None = None, **fields: Any
    ) -> User:
        return self.create_user(
            email, handle, password, is_staff=True, is_superuser=True, **fields
        )
