"""The search engine: the only users of opensearch-py live in here."""

from chalicelib.adapters.opensearch.client import Capabilities, connect
from chalicelib.adapters.opensearch.engine import SearchEngine
from chalicelib.adapters.opensearch.indices import Indices
from chalicelib.adapters.opensearch.rebuild import Rebuild

__all__ = ["Capabilities", "Indices", "Rebuild", "SearchEngine", "connect"]
