from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from comments import (
    act_views,
    guest_views,
    history_views,
    moderation_views,
    report_views,
    side_views,
    views,
)
from comments.models import PUBLIC_ID_PATTERN


class PublicIdConverter(StringConverter):
    regex = PUBLIC_ID_PATTERN


register_converter(PublicIdConverter, "public_id")

app_name = "comments"

urlpatterns = [
    path("posts/<str:slug>/comments/", views.comment_list, name="comment_list"),
    path(
        "posts/<str:slug>/comments/new/",
        act_views.comment_create,
        name="comment_create",
    ),
    path("posts/<str:slug>/side/", side_views.post_side, name="post_side"),
    path("posts/<str:slug>/report/", report_views.post_report, name="post_report"),
    path("comments/preview/", act_views.comment_preview, name="comment_preview"),
    path(
        "comments/confirm/<str:token>/",
        guest_views.guest_confirm,
        name="guest_confirm",
    ),
    path(
        "comments/<public_id:public_id>/waiting/",
        guest_views.comment_waiting,
        name="comment_waiting",
    ),
    path(
        "comments/<public_id:public_id>/", views.comment_detail, name="comment_detail"
    ),
    path(
        "comments/<public_id:public_id>/history/",
        history_views.comment_history,
        name="comment_history",
    ),
    path(
        "comments/<public_id:public_id>/options/",
        act_views.comment_options,
        name="comment_options",
    ),
    path(
        "comments/<public_id:public_id>/edit/",
        act_views.comment_edit,
        name="comment_edit",
    ),
    path(
        "comments/<public_id:public_id>/delete/",
        act_views.comment_delete,
        name="comment_delete",
    ),
    path(
        "comments/<public_id:public_id>/report/",
        report_views.comment_report,
        name="comment_report",
    ),
    path(
        "posts/<str:slug>/comments/close/",
        moderation_views.comments_close,
        name="comments_close",
    ),
    path(
        "posts/<str:slug>/comments/open/",
        moderation_views.comments_open,
        name="comments_open",
    ),
    path(
        "comments/<public_id:public_id>/remove/",
        moderation_views.comment_remove,
        name="comment_remove",
    ),
    path(
        "comments/<public_id:public_id>/hide/",
        moderation_views.comment_hide,
        name="comment_hide",
    ),
    path(
        "comments/<public_id:public_id>/restore/",
        moderation_views.comment_restore,
        name="comment_restore",
    ),
    path(
        "comments/<public_id:public_id>/lock/",
        moderation_views.comment_lock,
        name="comment_lock",
    ),
    path(
        "comments/<public_id:public_id>/unlock/",
        moderation_views.comment_unlock,
        name="comment_unlock",
    ),
]
