"""What the person sees: progress on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line."""
    out.print(text, markup=False)


@contextmanager
def task(what: str) -> Iterator[None]:
    """Something that takes a while: a spinner on a terminal, a line before and after elsewhere."""
    began = time.monotonic()
    if out.is_terminal:
        with out.status(f"{what} ..."):
            yield
    else:
        say(f"{what} ...")
        yield
    say(f"{what}: done in {time.monotonic() - began:.1f} s")
