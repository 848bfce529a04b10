"""In which language a course is taught, and under which title if it is not English."""

from __future__ import annotations

import random
from functools import lru_cache

from campus import dice
from campus.spec import Spec
from campus.words.languages import LANGUAGES, WEIGHTS


@lru_cache(maxsize=256)
def language(spec: Spec, i: int) -> int:
    """The language of a course, as its place in the list."""
    return random.Random(dice.number(spec.space("language", i))).choices(range(len(LANGUAGES)), WEIGHTS)[0]


def native(spec: Spec, i: int) -> tuple[str, str] | None:
    """Title and letters of the topic, for a course in another language than English."""
    titles = LANGUAGES[language(spec, i)].titles
    return dice.pick(titles, spec.space("title", i)) if titles else None
