"""The question of an article, as its authors write it at the desk."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone

from blog.desk.parts import PartRefused
from blog.models import PostStats
from comments import opinions
from comments.ballots import suspicion
from comments.models import Question, Side
from comments.models.opinion import SIDES_MAX, SIDES_MIN
from comments.standing import stands
from core.invisible import shows_something, without_bidi

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blog.models import Post
    from comments.ballots import Suspicion
    from comments.standing import Stand


class LineField(forms.CharField):
    """One line that is either empty or shows something."""

    def clean(self, value: Any) -> str:
        text = without_bidi(super().clean(value))
        if text and not shows_something(text):
            raise forms.ValidationError("This needs something that can be seen.")
        return text


class QuestionForm(forms.Form):
    text = LineField(
        required=False,
        max_length=200,
        label="Question",
        help_text="Empty: nothing is asked.",
    )
    results = forms.ChoiceField(
        choices=Question.Results.choices, label="How opinion stands is shown"
    )
    is_closed = forms.BooleanField(
        required=False,
        label="Closed",
        help_text="Frozen as it stands: nobody takes a side any more.",
    )


SIGNED_COLORS = [
    (color.value, f"{Side.SIGNS[color]} {color.label}") for color in Side.Color
]


class SideRow(forms.Form):
    slug = forms.CharField(required=False, widget=forms.HiddenInput)
    label = LineField(required=False, max_length=40)
    color = forms.ChoiceField(choices=SIGNED_COLORS)
    place = forms.IntegerField(required=False, min_value=1, max_value=SIDES_MAX)

    def __init__(
        self, data: Mapping[str, Any] | None, index: int, side: Side | None
    ) -> None:
        self.number = index + 1
        initial: dict[str, Any] = {"color": list(Side.Color)[index]}
        if side:
            initial = {"slug": side.slug, "label": side.label, "color": side.color}
        super().__init__(
            data,
            prefix=f"question-side-{index}",
            initial=initial | {"place": self.number},
            label_suffix="",
        )
        self.fields["label"].label = f"Side {self.number}"
        self.fields["color"].label = f"Color of side {self.number}"
        self.fields["place"].label = f"Place of side {self.number}"

    @property
    def wish(self) -> opinions.SideWish:
        said = self.cleaned_data
        return opinions.SideWish(said["label"], said["color"], said["slug"])

    @property
    def rank(self) -> float:
        """Where it stands among the others.

        A side that comes from below stands before the one whose place it takes, and
        one that comes from above behind it: a single number moves a side.
        """
        place = self.cleaned_data["place"] or self.number
        if place == self.number:
            return place
        return place + (0.5 if place > self.number else -0.5)


class QuestionPart:
    """A line for the question, and one for each of six sides: empty ones are none."""

    template = "admin/blog/post/_question.html"

    def __init__(self, post: Post, data: Mapping[str, Any] | None) -> None:
        sent = data if data is not None and "question-text" in data else None
        known = Question.objects.filter(post=post.pk).prefetch_related("sides")
        self.post_pk = post.pk
        self.question = known.first()
        self.sides = list(self.question.sides.all()) if self.question else []
        places = dict(enumerate(self.sides))
        self.rows = [SideRow(sent, n, places.get(n)) for n in range(SIDES_MAX)]
        self.form = QuestionForm(
            sent, prefix="question", initial=self.said_before(), label_suffix=""
        )

    def said_before(self) -> dict[str, Any]:
        if self.question is None:
            return {}
        return {
            "text": self.question.text,
            "results": self.question.results,
            "is_closed": self.question.is_closed,
        }

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded on the page."""
        return bool(self.question or (self.form.is_bound and self.filled))

    @property
    def stands(self) -> list[Stand]:
        """How opinion stands: those who write see it, whatever readers do."""
        found = PostStats.objects.filter(post=self.post_pk)
        counts = found.values_list("side_counts", flat=True).first()
        return stands(self.sides, counts or {})

    @property
    def suspicion(self) -> Suspicion | None:
        return suspicion(self.question) if self.question else None

    @property
    def wrong_fields(self) -> list[forms.BoundField]:
        if self.form.is_bound and self.is_whole:
            self.check_together()
        forms_here = (self.form, *self.rows)
        return [field for form in forms_here for field in form if field.errors]

    @property
    def is_whole(self) -> bool:
        """Whether each field is right by itself."""
        return not any(form.errors for form in (self.form, *self.rows))

    @cached_property
    def filled(self) -> list[SideRow]:
        """The sides that there are, in the order that is wished."""
        filled = [row for row in self.rows if row.is_valid() and row.wish.label]
        return sorted(filled, key=lambda row: row.rank)

    def check_together(self) -> None:
        text = self.form.cleaned_data["text"]
        if not text and self.filled and self.question is None:
            self.form.add_error("text", "These are sides of which question?")
        if text and len(self.filled) < SIDES_MIN:
            empty = next(row for row in self.rows if row not in self.filled)
            empty.add_error("label", "A question has at least two sides.")
        for name in ("label", "color"):
            had: set[str] = set()
            for row in self.filled:
                value = row[name].value().casefold()
                if value in had:
                    row.add_error(name, f"Another side has this {name}.")
                had.add(value)

    def preview(self) -> str:
        """The question as if nobody had voted yet, without a way to do so."""
        if not self.form.is_bound or self.wrong_fields:
            return ""
        asked = self.form.cleaned_data
        if not asked["text"]:
            return ""
        closed_at = timezone.now() if asked["is_closed"] else None
        question = Question(
            text=asked["text"], results=asked["results"], closed_at=closed_at
        )
        sides = [
            Side(slug=f"side-{row.number}", label=row.wish.label, color=row.wish.color)
            for row in self.filled
        ]
        context = {"question": question, "stands": stands(sides, {}), "side_url": ""}
        return render_to_string("comments/_question.html", context)

    def save(self, post: Post) -> None:
        """Ask what was written, or nothing any more. Raises `PartRefused`."""
        if not self.form.is_bound:
            return
        asked = self.form.cleaned_data
        try:
            if not asked["text"]:
                opinions.remove_question(post)
                return
            opinions.save_question(
                post,
                text=asked["text"],
                sides=[row.wish for row in self.filled],
                results=asked["results"],
            )
        except opinions.SideInUse as refusal:
            self.refuse(refusal)
            raise PartRefused from refusal
        opinions.set_closed(post, is_closed=asked["is_closed"])

    def refuse(self, refusal: opinions.SideInUse) -> None:
        """Say it where the side stood, which is empty now, or at the question."""
        for row in self.rows:
            if refusal.slug and row.cleaned_data["slug"] == refusal.slug:
                row.add_error("label", str(refusal))
                return
        self.form.add_error("text", str(refusal))
