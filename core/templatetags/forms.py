from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.forms import CheckboxInput, HiddenInput

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.utils.safestring import SafeString

register = template.Library()


@register.inclusion_tag("core/_field.html")
def field(bound: BoundField, label: str = "") -> dict[str, object]:
    """Render a control with its label, help and errors, tied together for all ears.

    A hidden field is only its control. `label` replaces the form's own.
    """
    return {
        "field": bound,
        "label": label or bound.label,
        "control": control(bound),
        "help_id": f"{bound.id_for_label}-help" if bound.help_text else "",
        "error_id": f"{bound.id_for_label}-error" if bound.errors else "",
        "is_hidden": isinstance(bound.field.widget, HiddenInput),
        "is_check": isinstance(bound.field.widget, CheckboxInput),
    }


def control(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    attrs: dict[str, str | bool] = {}
    if not isinstance(widget, CheckboxInput | HiddenInput):
        own = widget.attrs.get("class", "")
        attrs["class"] = f"{own} field__control".strip()
    described_by = [
        f"{bound.id_for_label}-{part}"
        for part, is_there in (("help", bound.help_text), ("error", bound.errors))
        if is_there
    ]
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)
