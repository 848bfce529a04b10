"""A run's page on the marketing site, and the texts it carries."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from campus import dice
from campus.facts import Node
from campus.generate import identity, organizations, people
from campus.generate.calendar import Dates
from campus.generate.sketch import sketch
from campus.generate.tongues import language, native
from campus.spec import BASE_SUBJECTS, Spec
from campus.words.sentences import BLURBS, PARAGRAPHS, SENTENCES
from campus.words.subjects import LEVELS, SUBJECTS, TITLES

# Slots of one course in the page numbering; a course has at most 38 runs, new ones included it stays below.
SLOTS = 256


@lru_cache(maxsize=256)
def title(spec: Spec, i: int) -> str:
    """A title in the language the course is taught in."""
    owning, _ = identity.owner(spec, i)
    if owning is not spec:
        return f"{identity.topic(spec, i)[1]}, the {spec.tenant.title()} Way"
    own = native(spec, i)
    if own:
        return own[0]
    return dice.pick(TITLES, spec.space("title", i)).format(identity.topic(spec, i)[1])


@lru_cache(maxsize=256)
def blurb(spec: Spec, i: int) -> str:
    """One sentence on a course."""
    return dice.pick(BLURBS, spec.space("blurb", i)).format(topic=identity.topic(spec, i)[1].lower())


def description(spec: Spec, i: int) -> str | None:
    """Plain sentences, 485 characters on average with a long tail; 8 in 100 courses have none."""
    if not sketch(spec, i).described:
        return None
    draw = dice.rng(spec.space("description", i))
    wanted = min(3000, draw.lognormvariate(6.0, 0.5))
    topic, text = identity.topic(spec, i)[1].lower(), ""
    while len(text) < wanted:
        for sentence in draw.sample(SENTENCES, len(SENTENCES)):
            text += sentence.format(topic=topic) + " "
            if len(text) >= wanted:
                break
    return text.strip()


@lru_cache(maxsize=256)
def html(spec: Spec, i: int) -> str | None:
    """The description as editors left it in the site."""
    text = description(spec, i)
    return None if text is None else dice.pick(PARAGRAPHS, spec.space("html", i)).format(text)


@lru_cache(maxsize=256)
def subjects(spec: Spec, i: int) -> tuple[int, ...]:
    """The subject of the topic, and often a second one."""
    first = SUBJECTS.index(identity.topic(spec, i)[0])
    chance = dice.units(spec.space("subjects", i))
    if chance[0] < 0.45:
        return (first,)
    second = BASE_SUBJECTS + int(chance[1] * (spec.subjects - BASE_SUBJECTS)) if spec.subjects > BASE_SUBJECTS else 0
    return (first, second) if second != first else (first,)


def node(spec: Spec, i: int, ordinal: int, run_key: str, when: Dates) -> Node:
    """The page of run `ordinal` of course i."""
    chance = dice.units(spec.space("node", run_key))
    org, number = identity.identity(spec, i)
    text, slot = html(spec, i), i * SLOTS + ordinal
    name = title(spec, i)
    return Node(
        uuid=dice.slot_uuid(spec.space("node"), slot),
        nid=1000 + slot,
        title=name,
        slug=people.slugify(f"{name} {org} {number}") + ("" if ordinal == 0 else f"-{ordinal}"),
        short_description=blurb(spec, i),
        description=text,
        body=text if text and chance[0] < 0.3 else None,
        self_paced=dice.unit(spec.space("pacing", i)) < 0.6,
        level=dice.pick(LEVELS, spec.space("level", i)) if chance[1] > 0.08 else None,
        language=language(spec, i),
        transcript=language(spec, i) if chance[2] < 0.7 else None,
        weeks=when.weeks if chance[3] > 0.1 else None,
        mobile=None if chance[4] < 0.3 else chance[4] < 0.8,
        hidden=None if chance[5] < 0.8 else chance[5] > 0.97,
        published=chance[6] > 0.05,
        school=org,
        subjects=subjects(spec, i),
        staff=people.staff(spec, _staff_org(spec, org, i), chance[7], i),
        sponsor=i % spec.sponsors if chance[0] > 0.95 else None,
        start=_to_seconds(when.start),
        end=_to_seconds(when.end),
        video=f"video/{slot}.mp4" if chance[1] > 0.6 else None,
    )


def _staff_org(spec: Spec, org: str, i: int) -> int:
    index = identity.org_index(spec, i)
    return index if organizations.short_name(spec, index) == org else 0


def _to_seconds(day: datetime | None) -> datetime | None:
    return day.replace(microsecond=0) if day else None
