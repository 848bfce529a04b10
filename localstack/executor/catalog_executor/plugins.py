"""What LocalStack looks up by name: LAMBDA_RUNTIME_EXECUTOR=process."""
# mypy: ignore-errors
# LocalStack is installed in its own virtualenv only, so that mypy cannot see what these build on.

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """The executor that runs functions as processes."""

    name = "process"

    def load(self, *args, **kwargs):
        """Import late: LocalStack lists its plugins long before it needs one."""
        from catalog_executor.executor import ProcessExecutor

        return ProcessExecutor
