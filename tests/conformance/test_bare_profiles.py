"""The two bare profiles against the specifications, example by example."""

from __future__ import annotations

from core.markup.bare import BareProfile, render_bare
from tests.conformance.specs import examples, normalized

# GFM takes these for links, and filters the tags of those.
LINKED_IN_GFM = {608, 611, 612}
FILTERED_IN_GFM = {170, 171, 172, 173, 176, 178}


def differing(name: str, profile: BareProfile) -> set[int]:
    return {
        case["example"]
        for case in examples(name)
        if normalized(render_bare(case["markdown"], profile))
        != normalized(case["html"])
    }


def test_commonmark_is_rendered_to_the_letter() -> None:
    assert len(examples("commonmark-0.31.2")) == 652
    assert differing("commonmark-0.31.2", BareProfile.COMMONMARK) == set()


def test_gfm_extensions_are_rendered_to_the_letter() -> None:
    assert len(examples("gfm-extension-examples")) == 24
    assert differing("gfm-extension-examples", BareProfile.GFM) == set()


def test_gfm_is_commonmark_but_for_what_it_changes() -> None:
    assert differing("commonmark-0.31.2", BareProfile.GFM) == (
        LINKED_IN_GFM | FILTERED_IN_GFM
    )
