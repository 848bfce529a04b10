"""API Gateway's binary media types as on AWS: LocalStack knows all kinds but the usual one, `*/*`."""

from localstack.runtime import hooks


@hooks.on_infra_start()
def let_any_type_be_binary() -> None:
    """With `*/*` every body is binary: decoded in answers (a gzipped one stays whole), encoded in requests."""
    from localstack.services.apigateway.next_gen.execute_api.handlers import integration_request  # noqa: PLC0415
    from localstack.services.apigateway.next_gen.execute_api.integrations import aws  # noqa: PLC0415

    known = aws.mime_type_matches_binary_media_types

    def matches(mime_type: str | None, binary_media_types: list[str]) -> bool:
        return "*/*" in (binary_media_types or []) or known(mime_type, binary_media_types)

    aws.mime_type_matches_binary_media_types = matches
    integration_request.mime_type_matches_binary_media_types = matches
