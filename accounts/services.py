"""What happens to accounts: each step checks, writes and logs in one place."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.events import record
from accounts.models import OwnerInvitation, ReservedSignup, User, UserHandle
from accounts.roles import Role
from core.models import SiteSettings

OWNER_INVITATION_AGE = timedelta(hours=24)
EMAIL_CONSTRAINT = "user_email_is_unique"


class EmailTaken(ValueError):
    """There is an account with this address."""


class HandleTaken(ValueError):
    """The handle belongs, or has belonged, to somebody."""


class OwnerExists(RuntimeError):
    """The blog has an owner; nobody is invited to become one."""


class InvitationGone(LookupError):
    """The set-up link is wrong, used, replaced or too old."""


@transaction.atomic
def register(
    *, email: str, handle: str, password: str | None, is_superuser: bool = False
) -> User:
    """Make an account whose address is still to be confirmed.

    Raises `EmailTaken` or `HandleTaken`, also for the one of two at the same moment who
    comes second.
    """
    owns = {"is_staff": is_superuser, "is_superuser": is_superuser}
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, handle, password, **owns)
    except IntegrityError as error:
        raise refusal(error) from error
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    record("signed up", user)
    return user


def refusal(error: IntegrityError) -> ValueError:
    if EMAIL_CONSTRAINT in str(error):
        return EmailTaken()
    return HandleTaken()


@transaction.atomic
def reserve_signup(*, email: str, handle: str, password: str) -> None:
    """Note a sign-up with an address that has an account, without making one.

    Else who signs up with somebody's address would learn from the handle that is free
    afterwards, or from the password that is refused, that the address has an account.
    It costs what `register` costs: one hash and three rows, of which that of a user is
    unmade. Raises `HandleTaken`.
    """
    hashed = hash_for_address(email, password)
    nowhere = f"{secrets.token_hex(8)}@signup.invalid"
    try:
        with transaction.atomic():
            User(email=nowhere, handle=handle).save()
            transaction.set_rollback(True)
        with transaction.atomic():
            reserved = UserHandle.objects.create(
                handle=handle, reserved_at=timezone.now()
            )
            for user in filter_users_by_email(email)[:1]:
                ReservedSignup.objects.create(
                    handle=reserved, user=user, password=hashed
                )
    except IntegrityError as error:
        raise HandleTaken from error


def is_reserved_signup(*, email: str, password: str) -> bool:
    """Whether `reserve_signup` noted this pair. One hash and one query, always."""
    hashed = hash_for_address(email, password)
    return ReservedSignup.objects.filter(password=hashed).exists()


def hash_for_address(email: str, password: str) -> str:
    """Hash so that one hash is compared with all that was reserved with an address.

    A check of each would take the longer the more there are, which can be one more
    where the address has an account than where it was free.
    """
    salt = salted_hmac("accounts.signup", email.lower(), algorithm="sha256")
    return make_password(password, salt.hexdigest()[:32])


def forget_signups() -> int:
    """Delete accounts whose address nobody confirmed in time, and free what sign-ups
    reserved; both after `SIGNUP_AGE` from the last sign-up with the address. Says how
    many accounts. Safe to repeat.

    An account that something of worth names (an article's byline) stays.
    """
    UserHandle.objects.no_longer_reserved().delete()
    n = 0
    for user in User.objects.never_confirmed():
        with suppress(ProtectedError):
            user.delete()
            n += 1
    return n


@transaction.atomic
def confirm_address(user: User) -> None:
    """The account's own address counts as confirmed. Safe to repeat."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def change_handle(user: User, handle: str) -> User:
    """Take a new handle; the old one stays the account's own, and leads to it.

    One's own earlier handle may be taken back. Raises `HandleTaken`.
    """
    handle = handle.lower()
    user = User.objects.select_for_update().get(pk=user.pk)
    if handle == user.handle:
        return user
    try:
        with transaction.atomic():
            past, _ = UserHandle.objects.get_or_create(
                handle=handle, defaults={"user": user}
            )
            if past.user_id != user.pk:
                raise HandleTaken
            old, user.handle = user.handle, handle
            user.save(update_fields=["handle"])
    except IntegrityError as error:
        raise HandleTaken from error
    record("changed handle", user, old=old)
    return user


@transaction.atomic
def grant_role(user: User, role: Role) -> User:
    """Give a role, and with it the key to the desk. Safe to repeat."""
    user.groups.add(Group.objects.get(name=role.value))
    sync_staff(user)
    record("was given a role", user, role=role.value)
    return user


@transaction.atomic
def revoke_role(user: User, role: Role) -> User:
    """Take a role away; with the last one goes the key to the desk."""
    user.groups.remove(Group.objects.get(name=role.value))
    sync_staff(user)
    record("lost a role", user, role=role.value)
    return user


def sync_staff(user: User) -> None:
    """Whoever has a role, or owns the blog, may open the desk; nobody else may."""
    has_role = user.groups.filter(name__in=Role.values).exists()
    is_staff = user.is_superuser or has_role
    if user.is_staff != is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])


def has_owner() -> bool:
    return User.objects.filter(is_superuser=True).exists()


@transaction.atomic
def make_owner_token() -> str:
    """A fresh token of the set-up link, good for 24 hours; earlier ones end.

    Only its hash is stored. Raises `OwnerExists` once there is an owner.
    """
    if has_owner():
        raise OwnerExists
    token = secrets.token_urlsafe(32)
    OwnerInvitation.objects.all().delete()
    OwnerInvitation.objects.create(
        token_hash=hash_token(token),
        expires_at=timezone.now() + OWNER_INVITATION_AGE,
    )
    return token


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_owner_token(token: str) -> bool:
    return (
        OwnerInvitation.objects.filter(
            token_hash=hash_token(token), expires_at__gt=timezone.now()
        ).exists()
        and not has_owner()
    )


@transaction.atomic
def become_owner(
    token: str, *, email: str, handle: str, password: str, site_title: str = ""
) -> User:
    """Use up the set-up link: the blog's owner, with a confirmed address.

    Of two at the same moment one wins. Raises `InvitationGone`, and `EmailTaken` or
    `HandleTaken`, which leave the link as it was.
    """
    invitation = (
        OwnerInvitation.objects.select_for_update()
        .filter(token_hash=hash_token(token), expires_at__gt=timezone.now())
        .first()
    )
    if invitation is None or has_owner():
        raise InvitationGone
    user = register(email=email, handle=handle, password=password, is_superuser=True)
    confirm_address(user)
    OwnerInvitation.objects.all().delete()
    if site_title:
        site = SiteSettings.load()
        site.title = site_title
        site.save()
    record("became the owner", user)
    return user
