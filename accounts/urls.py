from __future__ import annotations

from django.urls import include, path, re_path

from accounts import me, views

own = [
    path("me/", me.me, name="me"),
    path("accounts/", views.profile, name="profile"),
    path("accounts/owner/<str:token>/", views.owner_setup, name="owner_setup"),
]

# Only these of django-allauth's pages exist; the names are those it asks for.
doors = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("confirm-email/", views.confirm_code, name="account_email_verification_sent"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # allauth leads here where it would manage several addresses.
    path("", views.profile, name="account_email"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("accounts/", include(doors)),
]
