from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.template import Context, Template


class LetterForm(forms.Form):
    name = forms.CharField(help_text="As others see it.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    agreed = forms.BooleanField()
    key = forms.CharField(widget=forms.HiddenInput)


def rendered(form: forms.Form, name: str) -> BeautifulSoup:
    template = Template("{% load forms %}{% field bound %}")
    return BeautifulSoup(template.render(Context({"bound": form[name]})), "html.parser")


def control(page: BeautifulSoup) -> Tag:
    found = page.select_one("input, textarea")
    assert found
    return found


def test_label_belongs_to_its_control() -> None:
    page = rendered(LetterForm(), "name")

    label = page.select_one("label")

    assert label
    assert label["for"] == control(page)["id"]


def test_help_is_read_with_the_control() -> None:
    page = rendered(LetterForm(), "name")

    help_text = page.select_one(".field__help")

    assert help_text
    assert control(page)["aria-describedby"] == help_text["id"]
    assert "aria-invalid" not in control(page).attrs


def test_errors_are_read_after_the_help() -> None:
    page = rendered(LetterForm({"name": ""}), "name")

    error = page.select_one(".field__error")

    assert error
    assert "required" in error.text
    assert control(page)["aria-describedby"] == "id_name-help id_name-error"
    assert control(page)["aria-invalid"] == "true"


@pytest.mark.parametrize(("name", "expected"), [("note", True), ("name", False)])
def test_only_what_may_stay_empty_says_so(name: str, *, expected: bool) -> None:
    page = rendered(LetterForm(), name)

    assert bool(page.select_one(".field__optional")) is expected


def test_label_of_a_box_to_tick_follows_it() -> None:
    page = rendered(LetterForm(), "agreed")

    assert [tag.name for tag in page.select("input, label")] == ["input", "label"]
    assert not page.select(".field__control")


def test_hidden_field_is_only_its_control() -> None:
    page = rendered(LetterForm(), "key")

    assert [tag.name for tag in page.find_all(True)] == ["input"]
