"""LocalStack's executor for functions as processes: LocalStack makes one per concurrent invocation."""
# mypy: ignore-errors
# LocalStack is installed in its own virtualenv only, so that mypy cannot see what these build on.

import datetime
import json
import os
import time

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from catalog_executor.child import Child, StartError
from catalog_executor.runtime_api import Invocation
from localstack import config

LOOPBACK = "127.0.0.1"
RUNTIME = "python3.11"


class ProcessExecutor(RuntimeExecutor):
    """Runs one execution environment of one function version as a child of LocalStack."""

    child: Child | None = None

    def start(self, env_vars: dict[str, str]) -> None:
        """Start the child, and wait until the function is imported."""
        self.env = self._environment(env_vars)
        self._spawn()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one invocation. A child that crashed or ran out of time is gone, and the next one starts afresh."""
        request_id, seconds = payload["invoke-id"], self.function_version.config.timeout
        child = self.child or self._spawn()
        deadline = int((time.time() + seconds) * 1000)
        began = time.perf_counter()
        outcome = child.invoke(
            Invocation(
                request_id, payload["invoked-function-arn"], payload["trace-id"], deadline, payload["payload"].encode()
            ),
            seconds,
        )
        logs = self._logs(request_id, child.printed(), time.perf_counter() - began)
        if outcome is None:
            self.stop()
            return InvocationResult(request_id, _timed_out(request_id, seconds), is_error=True, logs=logs)
        if child.exited:
            self.stop()
        return InvocationResult(request_id, outcome.payload, is_error=outcome.is_error, logs=logs)

    def stop(self) -> None:
        """End the child."""
        child, self.child = self.child, None
        if child:
            child.stop()

    def get_address(self) -> str:
        """Where the environment is."""
        return LOOPBACK

    def get_endpoint_from_executor(self) -> str:
        """Where LocalStack is, seen from the environment."""
        return LOOPBACK

    def get_runtime_endpoint(self) -> str:
        """LocalStack's own call-back; the Runtime API takes its place."""
        return f"http://{LOOPBACK}:{config.GATEWAY_LISTEN[0].port}"

    def get_logs(self) -> str:
        """What the child printed and nobody has read."""
        return self.child.printed() if self.child else ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack the code."""
        if function_version.config.runtime != RUNTIME:
            raise ValueError(f"Only {RUNTIME} runs here, not {function_version.config.runtime}")
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """The code is LocalStack's to remove."""

    def _spawn(self) -> Child:
        argv = [os.environ["CATALOG_FUNCTIONS_PYTHON"], "-m", "awslambdaric", self.function_version.config.handler]
        child = Child(argv, self.env, self.env["LAMBDA_TASK_ROOT"])
        try:
            child.wait_until_ready()
        except StartError as error:
            child.stop()
            raise StatusErrorException("The function did not start", payload=error.payload) from error
        self.child = child
        return child

    def _environment(self, given: dict[str, str]) -> dict[str, str]:
        code = str(self.function_version.config.code.get_unzipped_code_location())
        base = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "TMPDIR": os.environ["TMPDIR"],
            "LANG": "C.UTF-8",
        }
        ours = {"LAMBDA_TASK_ROOT": code, "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}", "PYTHONUNBUFFERED": "1"}
        return base | {name: str(value) for name, value in given.items()} | ours

    def _logs(self, request_id: str, printed: str, seconds: float) -> str:
        version = self.function_version.id.qualifier
        end = f"END RequestId: {request_id}\nREPORT RequestId: {request_id}\tDuration: {seconds * 1000:.2f} ms\n"
        return f"START RequestId: {request_id} Version: {version}\n{printed}{end}"


def _timed_out(request_id: str, seconds: float) -> bytes:
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    return json.dumps({"errorMessage": f"{now}Z {request_id} Task timed out after {seconds:.2f} seconds"}).encode()
