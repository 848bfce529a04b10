"""People, subjects and sponsors: the small pages of the marketing site."""

from __future__ import annotations

import re
import unicodedata

from campus import dice
from campus.facts import Person, Sponsor, Subject
from campus.generate import organizations
from campus.spec import BASE_SUBJECTS, Spec
from campus.words import people as words
from campus.words.places import SPONSORS
from campus.words.subjects import FACETS, SUBJECTS, TOPICS


def slugify(text: str) -> str:
    """Lower-case Latin letters, digits and dashes; a number where nothing else is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or f"item-{dice.number(text) % 10**6}"


def person(spec: Spec, n: int) -> Person:
    """Person n."""
    draw = dice.rng(spec.space("person", n))
    given, family = draw.choice(words.GIVEN), draw.choice(words.FAMILY)
    topic = draw.choice(TOPICS[draw.choice(SUBJECTS)])[0].lower()
    org = organizations.short_name(spec, n % spec.organizations)
    return Person(
        index=n,
        uuid=dice.slot_uuid(spec.space("person"), n),
        given_name=given,
        family_name=family,
        resume=draw.choice(words.RESUMES).format(name=given, topic=topic),
        title=draw.choice(words.TITLES) if draw.random() > 0.06 else None,
        org=org if draw.random() > 0.1 else None,
        has_image=draw.random() > 0.15,
    )


def staff(spec: Spec, org: int, chance: float, *address: object) -> tuple[int, ...]:
    """One to four people of an organization, at times none."""
    if chance < 0.05:
        return ()
    pool = max(1, (spec.people - org - 1) // spec.organizations + 1)
    draw = dice.rng(spec.space("staff", *address))
    chosen = draw.sample(range(pool), k=min(pool, 1 + int(chance * 4) % 4))
    return tuple(org + spec.organizations * n for n in chosen if org + spec.organizations * n < spec.people)


def subject(spec: Spec, n: int) -> Subject:
    """Subject n: the plain ones first, then their facets."""
    title = SUBJECTS[n] if n < BASE_SUBJECTS else _compound(n - BASE_SUBJECTS)
    return Subject(
        index=n,
        uuid=dice.slot_uuid(spec.space("subject"), n),
        title=title,
        slug=slugify(title),
        subtitle=f"<p>Courses in {title}</p>",
        body=f"<p>Take free online courses in {title}&nbsp;from many universities.</p>\n",
    )


def _compound(n: int) -> str:
    return f"{SUBJECTS[n % BASE_SUBJECTS]}: {FACETS[n // BASE_SUBJECTS % len(FACETS)]}"


def sponsor(spec: Spec, n: int) -> Sponsor:
    """Sponsor n."""
    again, which = divmod(n, len(SPONSORS))
    title = SPONSORS[which] + (f" {again + 1}" if again else "")
    body = f"<p>{title} pays for scholarships.</p>" if n % 3 else None
    return Sponsor(n, dice.slot_uuid(spec.space("sponsor"), n), title, slugify(title), body)
