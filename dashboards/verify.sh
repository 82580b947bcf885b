#!/bin/sh
#
# Starts docker-compose.yml under a name of its own, so that nobody's queues are touched, and checks that Grafana
# has loaded every dashboard without a complaint, that Prometheus scrapes the server, and that alerts would reach
# the Alertmanager. Takes all down again. For whoever has docker and curl: CI has no docker and has not run it.

set -eu
cd -- "$(dirname -- "$0")"

compose() {
  docker compose --project-name millrace-verify "$@"
}

# Waits until a command succeeds, two seconds a try; ends the script with the container's log if it never does.
await() { # tries complaint service command...
  tries=$1 complaint=$2 service=$3
  shift 3
  until "$@"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      echo "$complaint" >&2
      compose logs "$service" >&2
      exit 1
    fi
    sleep 2
  done
}

grafana_is_up() {
  curl -fs http://127.0.0.1:3000/api/health >/dev/null
}

dashboards_are_loaded() {
  loaded=$(curl -fs 'http://127.0.0.1:3000/api/search?type=dash-db' | grep -o '"uid":"millrace-' | wc -l)
  [ "$loaded" -eq "$wanted" ]
}

server_is_scraped() {
  curl -fs 'http://127.0.0.1:9090/api/v1/query?query=up%7Bjob%3D%22millrace%22%7D' | grep -q ',"1"\]'
}

alerts_have_a_way() {
  curl -fs http://127.0.0.1:9090/api/v1/alertmanagers | grep -q '"activeAlertmanagers":\[{'
}

wanted=$(find grafana/dashboards -name '*.json' | wc -l)
trap 'compose down --volumes >/dev/null 2>&1' EXIT
compose up --build --detach
await 90 'Grafana did not come up' grafana grafana_is_up
await 30 "Grafana has not loaded $wanted dashboards" grafana dashboards_are_loaded
if compose logs grafana | grep -i 'failed to load dashboard\|provisioning.*level=error\|level=error.*provisioning'; then
  echo 'Grafana complains of what it was given' >&2
  exit 1
fi
await 30 'Prometheus does not reach the server' millrace server_is_scraped
await 30 'Prometheus does not know the Alertmanager' prometheus alerts_have_a_way
echo "Grafana loaded $wanted dashboards; Prometheus scrapes the server and knows the Alertmanager"
