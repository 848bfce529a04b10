"""What is made from the tables and kept in the checkout, for tools and people that read files."""

from __future__ import annotations

import json

from infra.chalice_config import CONFIG, config
from infra.manifests import Place, as_yaml, manifests
from infra.stage import Stage

KUBERNETES = "infra/kubernetes/catalog.yaml"


def generated() -> dict[str, str]:
    """Path below the checkout -> text; ``python -m infra generate`` writes them, a test compares."""
    return {
        CONFIG: json.dumps(config(), indent=2) + "\n",
        KUBERNETES: as_yaml(manifests(Place(Stage.of("prod")))),
    }
