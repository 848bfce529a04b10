#!/bin/sh
# One image, every role. `exec`, so that the role is process 1 and gets the signals that stop it.
#   serve | work QUEUE | tick     outside Lambda
#   lambda [app.HANDLER]          a Lambda function; also whenever Lambda says so in AWS_LAMBDA_RUNTIME_API
set -eu
if [ -n "${AWS_LAMBDA_RUNTIME_API:-}" ] || [ "${1:-}" = lambda ]; then
  if [ "${1:-}" = lambda ]; then shift; fi
  case "${1:-}" in
    app.*) handler=$1 ;;
    *) handler=${_HANDLER:-app.http} ;;
  esac
  exec python -m awslambdaric "$handler"
fi
# Outside a container the API listens on loopback only; in here that would be nobody. What follows `serve` wins.
if [ "${1:-}" = serve ]; then
  shift
  set -- serve --host 0.0.0.0 --port "${PORT:-8000}" --workers "${WORKERS:-1}" "$@"
fi
exec python -m chalicelib.runtime "$@"
