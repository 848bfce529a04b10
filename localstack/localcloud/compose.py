"""LocalStack and OpenSearch in Docker."""


def down(*, wipe: bool) -> None:
    """Stop the containers."""
