from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management import CommandError
from django.db import IntegrityError, transaction

from accounts import services
from accounts.models import User


class Command(createsuperuser.Command):
    help = "Make an owner of the blog; the address counts as confirmed."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                super().handle(*args, **options)
                for owner in User.objects.filter(is_superuser=True):
                    services.confirm_address(owner)
        except IntegrityError as error:
            raise CommandError("The address or the handle is taken.") from error
