#!/bin/sh
#
# Starts docker-compose.yml, waits for Grafana, and checks that it has loaded every dashboard without a
# complaint and that Prometheus scrapes the server. For whoever has docker: CI has none and has not run it.

set -eu
cd -- "$(dirname -- "$0")"
trap 'docker compose down --volumes >/dev/null 2>&1' EXIT
docker compose up --build --detach

wanted=$(find grafana/dashboards -name '*.json' | wc -l)
tries=0
until curl -fs http://127.0.0.1:3000/api/health >/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 90 ] || { echo "Grafana did not come up" >&2; docker compose logs grafana >&2; exit 1; }
  sleep 2
done

tries=0
until [ "$(curl -fs 'http://127.0.0.1:3000/api/search?type=dash-db' | grep -o '"uid":"millrace-' | wc -l)" -eq "$wanted" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo "Grafana has not loaded $wanted dashboards" >&2; docker compose logs grafana >&2; exit 1; }
  sleep 2
done
if docker compose logs grafana | grep -i 'failed to load dashboard\|level=error.*provisioning'; then
  echo "Grafana complains of what it was given" >&2
  exit 1
fi

tries=0
until curl -fs 'http://127.0.0.1:9090/api/v1/query?query=up' | grep -q '"millrace".*,"1"\]'; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo "Prometheus does not reach the server" >&2; exit 1; }
  sleep 2
done
echo "Grafana loaded $wanted dashboards; Prometheus scrapes the server"
