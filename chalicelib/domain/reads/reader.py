"""The reader: who asks, and what that adds to what is shown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

AFFILIATE = "affiliate_partner"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. ``company``: of their API access request, where the tenant uses it in links.

    ``edits``: keys (lower case) of the organizations whose courses they may edit.
    """

    username: str = ""
    is_staff: bool = False
    referral_id: str = AFFILIATE
    company: str = ""
    language: str = ""
    edits: frozenset[str] = frozenset()

    @property
    def utm(self) -> str:
        """The query that tells whose link was followed (course-discovery.md 1.8); empty for somebody without a name."""
        return _utm(self.username, self.company, self.referral_id)


@lru_cache(maxsize=1_024)
def _utm(username: str, company: str, referral_id: str) -> str:
    source = slugify(f"{username} {company}")
    return urlencode({"utm_source": source, "utm_medium": referral_id}) if source else ""


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by single hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain.lower())).strip("-_")


def with_query(url: str | None, query: str) -> str | None:
    """The URL with this query added; null and an empty query change nothing."""
    if not url or not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"
