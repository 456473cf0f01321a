from __future__ import annotations

from django.urls import path

from reactions import views

app_name = "reactions"

urlpatterns = [
    path("posts/<str:slug>/reactions/", views.post_reactions, name="post_reactions"),
    path(
        "comments/<public_id:public_id>/reactions/",
        views.comment_reactions,
        name="comment_reactions",
    ),
]
