"""API Gateway's binary media types as on AWS: LocalStack knows all kinds but the usual one, `*/*`."""
# mypy: ignore-errors
# LocalStack is installed in its own virtualenv only, so that mypy cannot see what these build on.

from localstack.runtime import hooks


@hooks.on_infra_start()
def let_any_type_be_binary() -> None:
    """With `*/*` a function's base64 answer is decoded whatever the client accepts, so a gzipped one arrives whole."""
    from localstack.services.apigateway.next_gen.execute_api.integrations import aws

    known = aws.mime_type_matches_binary_media_types

    def matches(mime_type: str | None, binary_media_types: list[str]) -> bool:
        return "*/*" in (binary_media_types or []) or known(mime_type, binary_media_types)

    aws.mime_type_matches_binary_media_types = matches
