from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget

from accounts.models import User
from blog.desk.parts import parts_for
from blog.images import DIGEST_LENGTH, ImageRefused, store_image
from blog.models import BODY_MAX_LENGTH, Image, Post, Tag, TagSlug
from core.invisible import shows_something, without_bidi
from core.slugs import slugify

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_TAGS = 20
DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH}}}")
PUBLISHING = {"_publish", "_schedule"}


class MarkdownEditor(AdminMarkdownxWidget):  # type: ignore[misc]
    """Its fields and addresses; the desk has a script of its own.

    The one that comes with it keeps the Tab key, forgets what could be undone and
    writes failures into the text.
    """

    class Media:
        extend = False


class PostForm(forms.ModelForm[Post]):
    """What an author says about a post, besides whether it is public.

    Its `parts` are what apps above ask in the same form.
    """

    slug = forms.CharField(
        required=False,
        label="Address",
        help_text="Empty: made from the title.",
    )
    body = MarkdownxFormField(
        required=False,
        strip=False,
        max_length=BODY_MAX_LENGTH,
        label="Text",
        widget=MarkdownEditor(),
    )
    tags = forms.CharField(
        required=False, help_text="Separated by commas. New ones are made."
    )
    authors = forms.CharField(
        required=False, help_text="Handles in the order they are named."
    )
    cover = forms.FileField(
        required=False,
        label="Cover picture",
        widget=forms.FileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/avif,image/gif"}
        ),
    )
    cover_digest = forms.CharField(required=False, widget=forms.HiddenInput)
    cover_removed = forms.BooleanField(required=False, label="Remove the cover")
    featured = forms.BooleanField(required=False, label="Featured on the front page")
    published_at = forms.DateTimeField(
        required=False,
        label="Date and time (UTC)",
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
        ),
    )
    base_version = forms.IntegerField(
        required=False, min_value=0, widget=forms.HiddenInput
    )

    class Meta:
        model = Post
        fields = (
            "title",
            "body",
            "summary",
            "cover_alt",
            "language",
            "canonical_url",
            "comment_policy",
            "listed",
        )
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "cover_alt": forms.TextInput,
        }
        labels = {
            "cover_alt": "What the cover shows",
            "canonical_url": "First published at",
            "comment_policy": "Comments",
            "listed": "Shown in lists",
        }
        help_texts = {"cover_alt": "For those who cannot see it."}

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.editor = editor
        self.cover_image: Image | None = None
        self.parts = parts_for(self.instance, self.data if self.is_bound else None)
        # What it was when the form was opened comes back with it: moderators close
        # and open the comments of a post, too, without a new version of it.
        self.fields["comment_policy"].show_hidden_initial = True
        # A browser cuts what is pasted at this length without a word.
        self.fields["body"].widget.attrs.pop("maxlength", None)
        if editor.has_perm("blog.edit_any_post"):
            self.fields["authors"].initial = f"@{editor.handle}"
        else:
            del self.fields["authors"]
            del self.fields["featured"]
        post = self.instance
        if post.pk:
            self.initial.update(self.said_before(post))

    @staticmethod
    def said_before(post: Post) -> dict[str, Any]:
        return {
            "slug": post.slug,
            "tags": ", ".join(tag.name for tag in post.tags.all()),
            "authors": ", ".join(str(byline.user) for byline in post.bylines.all()),
            "cover_digest": post.cover.digest if post.cover else "",
            "featured": post.featured_at is not None,
            "published_at": post.published_at,
            "base_version": post.version,
        }

    @property
    def wrong_fields(self) -> list[forms.BoundField]:
        """All that is to be looked at, in the parts, too."""
        own = [field for field in self if field.errors]
        return own + [field for part in self.parts for field in part.wrong_fields]

    def is_valid(self) -> bool:
        return super().is_valid() and not self.wrong_fields

    @property
    def has_to_be_published(self) -> bool:
        return not PUBLISHING.isdisjoint(self.data)

    @property
    def shown_cover(self) -> Image | None:
        """The cover as it would be saved, also in a form that was refused."""
        if self.cover_image:
            return self.cover_image
        digest = str(self["cover_digest"].value() or "")
        if not DIGEST.fullmatch(digest):
            return None
        return Image.objects.filter(digest=digest).first()

    def clean_title(self) -> str:
        title = without_bidi(self.cleaned_data["title"])
        if not shows_something(title):
            raise forms.ValidationError("A title needs something that can be seen.")
        return title

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        return body.replace("\r\n", "\n").replace("\r", "\n")

    def clean_slug(self) -> str:
        """The wish, or nothing where it is what would be chosen anyway."""
        typed: str = self.cleaned_data["slug"]
        wish = slugify(typed)
        if typed and not wish:
            raise forms.ValidationError("An address needs a letter or a digit.")
        title = str(self.data.get("title", ""))
        is_derived = not self.instance.pk and wish == slugify(title)
        return "" if is_derived or wish == self.instance.slug else wish

    def clean_tags(self) -> list[str]:
        names = [
            " ".join(name.split()) for name in self.cleaned_data["tags"].split(",")
        ]
        names = [name for name in names if name]
        if len(names) > MAX_TAGS:
            raise forms.ValidationError(f"At most {MAX_TAGS} tags.")
        longest = Tag._meta.get_field("name").max_length or 0
        for name in names:
            if not slugify(name) or len(name) > longest:
                raise forms.ValidationError(f"“{name[:60]}” cannot be a tag.")
        return names

    def clean_authors(self) -> list[User]:
        handles = [
            handle.strip().removeprefix("@").lower()
            for handle in self.cleaned_data["authors"].split(",")
            if handle.strip()
        ]
        found = {user.handle: user for user in User.objects.filter(handle__in=handles)}
        for handle in handles:
            if handle not in found:
                raise forms.ValidationError(f"Nobody is called @{handle[:30]}.")
        if not handles:
            raise forms.ValidationError("An article has at least one author.")
        return [found[handle] for handle in dict.fromkeys(handles)]

    def clean_cover(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["cover"]
        if file:
            try:
                self.cover_image = store_image(
                    file, uploaded_by=self.editor, name=file.name or ""
                )
            except ImageRefused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("cover_removed"):
            self.cover_image = self.shown_cover
        else:
            self.cover_image = None
        if self.cover_image and not data.get("cover_alt"):
            self.add_error(
                "cover_alt", "Say what the cover shows, for those who cannot see it."
            )
        if self.has_to_be_published and not data.get("body", "x").strip():
            self.add_error("body", "There is nothing to publish yet.")
        if "_schedule" in self.data and data.get("published_at", "wrong") is None:
            self.add_error("published_at", "Choose a date and a time.")
        if self.instance.pk and data.get("base_version") is None:
            raise forms.ValidationError(
                "This form has lost its beginnings. Keep your text and reload the page."
            )
        return data


class TagForm(forms.ModelForm[Tag]):
    slug = forms.CharField(
        required=False,
        label="Address",
        help_text="Empty: made from the name. An old address goes on leading here.",
    )

    class Meta:
        model = Tag
        fields = ("name", "slug", "description")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        slug = slugify(data.get("slug") or data.get("name", ""))
        if not slug:
            self.add_error("slug", "A tag needs a letter or a digit.")
        elif TagSlug.objects.filter(slug=slug).exclude(tag=self.instance.pk).exists():
            self.add_error("slug", "Another tag has, or had, this address.")
        return data | {"slug": slug}
