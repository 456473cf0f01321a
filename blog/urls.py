from __future__ import annotations

from django.urls import path

from blog import feeds, media, sitemaps, views

app_name = "blog"

urlpatterns = [
    path("", views.home, name="home"),
    path("posts/<str:slug>/", views.post_detail, name="post_detail"),
    path("preview/<str:token>/", views.post_preview, name="post_preview"),
    path("tags/", views.tag_list, name="tag_list"),
    path("tags/<str:slug>/", views.tag_detail, name="tag_detail"),
    path("@<str:handle>/", views.author_detail, name="author_detail"),
    path("how-to-write/", views.how_to_write, name="how_to_write"),
    path("feeds/rss.xml", feeds.rss, name="rss"),
    path("feeds/atom.xml", feeds.atom, name="atom"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("media/<str:name>", media.media_file, name="media"),
    path("robots.txt", views.robots, name="robots"),
]
