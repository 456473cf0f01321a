"""What a token of the engine becomes in HTML, without what a rule seldom needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

Writer = Callable[[Token, EnvType], str]
RenderRule = Callable[
    [RendererProtocol, Sequence[Token], int, OptionsDict, EnvType], str
]


def rule(write: Writer) -> RenderRule:
    """The engine's rule for a function of one token and what is known of its text."""

    def render(
        self: RendererProtocol,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,
        env: EnvType,
    ) -> str:
        return write(tokens[idx], env)

    return render
