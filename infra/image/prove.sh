#!/usr/bin/env bash
# Builds the image and runs every role of it, as anyone with an engine can:
#
#   AWS_ENDPOINT_URL=http://127.0.0.1:4566 infra/image/prove.sh
#
# Needs a local cloud with the stage deployed (`make run`), docker (or DOCKER=podman) and python3 on the host.
# BASE: another base image with python3.11 in it. BUILD: more arguments for the build. Ends with 0 when all held.
set -euo pipefail
cd "$(dirname "$0")/../.."
DOCKER=${DOCKER:-docker}
IMAGE=${IMAGE:-course-catalog:proof}
BASE=${BASE:-python:3.11-slim}
STAGE=${STAGE:-local}
ENDPOINT=${AWS_ENDPOINT_URL:-http://127.0.0.1:4566}
HTTP_PORT=${HTTP_PORT:-18000} RUNTIME_PORT=${RUNTIME_PORT:-18001}
OUTPUTS=${OUTPUTS:-.local/deploy/$STAGE.json}
RUNNING=()

say() { printf '%-64s %s\n' "$1" "$2"; }
fail() { say "$1" FAILED; exit 1; }
clean() {
  for name in "${RUNNING[@]:-}"; do [ -z "$name" ] || $DOCKER rm -f "$name" >/dev/null 2>&1 || true; done
  [ -z "${RUNTIME_PID:-}" ] || kill "$RUNTIME_PID" 2>/dev/null || true
}
trap clean EXIT

topic() { python3 -c "import json,sys; print(json.load(open('$OUTPUTS'))['topics']['$1'])"; }

# Read-only, nobody, without capabilities: as Kubernetes runs it.
run() {
  local name=$1; shift
  RUNNING+=("$name")
  $DOCKER rm -f "$name" >/dev/null 2>&1 || true
  $DOCKER run -d --name "$name" --network host --read-only --tmpfs /tmp --cap-drop ALL \
    --security-opt no-new-privileges \
    -e AWS_ENDPOINT_URL="$ENDPOINT" -e AWS_ACCESS_KEY_ID=test -e AWS_SECRET_ACCESS_KEY=test \
    -e AWS_DEFAULT_REGION=us-east-1 -e CATALOG_STAGE="$STAGE" -e PORT="$HTTP_PORT" \
    -e UPDATES_TOPIC_ARN="$(topic updates)" -e CHANGES_TOPIC_ARN="$(topic changes)" \
    -e OPENSEARCH_URL="${OPENSEARCH_URL:-http://127.0.0.1:9200}" \
    -e POWERTOOLS_TRACE_DISABLED=1 ${RUN_ENV:-} "$IMAGE" "$@" >/dev/null
}

alive() { [ "$($DOCKER inspect -f '{{.State.Running}}' "$1")" = true ]; }

stops() {
  $DOCKER stop -t 20 "$1" >/dev/null
  local code; code=$($DOCKER inspect -f '{{.State.ExitCode}}' "$1")
  [ "$code" = 0 ] || { $DOCKER logs "$1" 2>&1 | tail -20; fail "$2 stops with exit code 0, not $code"; }
  say "$2 stops cleanly on SIGTERM" ok
}

healthy() { $DOCKER exec "$1" python /opt/catalog/healthcheck.py; }

began=$(date +%s)
# Only what the Dockerfile copies is sent: builders older than BuildKit do not read Dockerfile.dockerignore.
# shellcheck disable=SC2086
tar -c --exclude __pycache__ app.py chalicelib requirements-container.txt infra/Dockerfile infra/image |
  $DOCKER build -q -f infra/Dockerfile --build-arg BASE="$BASE" ${BUILD:-} -t "$IMAGE" - >/dev/null
size=$($DOCKER image inspect -f '{{.Size}}' "$IMAGE")
say "the image builds" "$(($(date +%s) - began)) s, $((size / 1000000)) MB"

[ "$($DOCKER run --rm --network host --entrypoint id "$IMAGE" -u)" = 10001 ] || fail "it runs as nobody"
say "it runs as nobody" ok
missing=$($DOCKER run --rm --network host --entrypoint python "$IMAGE" -c \
  'import os;print(sum(os.access(os.path.join(d,f),os.W_OK) for r in ("/opt/venv","/opt/catalog") for d,_,n in os.walk(r) for f in n))')
[ "$missing" = 0 ] || fail "nothing in it may be written by it"
say "nothing in it may be written by it" ok

for role in "work updates-studio" "tick"; do
  name=proof-${role%% *}
  # shellcheck disable=SC2086
  run "$name" $role
  sleep 5
  alive "$name" || { $DOCKER logs "$name" 2>&1 | tail -20; fail "$role keeps running"; }
  healthy "$name" || fail "$role is healthy"
  say "$role keeps running, and is healthy" ok
  stops "$name" "$role"
done

run proof-serve serve
for _ in $(seq 60); do
  code=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$HTTP_PORT/health/" || true)
  [ "$code" = 200 ] && break
  alive proof-serve || break
  sleep 0.5
done
[ "$code" = 200 ] || { $DOCKER logs proof-serve 2>&1 | tail -20; fail "serve answers /health/ (got ${code:-nothing})"; }
say "serve answers /health/ with 200" ok
healthy proof-serve || fail "serve is healthy"
stops proof-serve serve

python3 infra/image/runtime_api.py "$RUNTIME_PORT" &
RUNTIME_PID=$!
RUN_ENV="-e AWS_LAMBDA_RUNTIME_API=127.0.0.1:$RUNTIME_PORT -e AWS_LAMBDA_FUNCTION_NAME=proof" run proof-lambda app.http
wait "$RUNTIME_PID" || { $DOCKER logs proof-lambda 2>&1 | tail -20; fail "as a Lambda function it answers /health/"; }
RUNTIME_PID=
say "as a Lambda function it answers /health/ with 200" ok
