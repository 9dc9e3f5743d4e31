#!/usr/bin/env bash
# Compares the player with rrweb-player on long sessions, and prints a table. With live, measures how far a viewer is behind a visitor.
#   benchmarks/player/run.sh [--sessions 1h/60MB,8h/500MB] [--reps 3]
#   benchmarks/player/run.sh live [--seconds 60]
# Needs Chromium at /usr/bin/chromium, Node 20 with npm, and the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || { echo 'Chromium is missing at /usr/bin/chromium. On Debian and Ubuntu: apt-get install -y chromium' >&2; exit 2; }
. eng/host.sh
(cd benchmarks/player && npm ci --ignore-scripts --no-audit --no-fund --silent)
dotnet build -c Release samples/SessionReplay.ReferenceHost -v q -nologo
cd samples/SessionReplay.ReferenceHost
export ASPNETCORE_ENVIRONMENT=Development SessionReplay__DataDirectory="$folder/data"
export SessionReplay__Sessions__IdleTimeout=00:00:20 SessionReplay__Sessions__SweepInterval=00:00:01
export SessionReplay__Ingest__RequestsPerSecondPerAddress=1000000 SessionReplay__Ingest__WorkPerSecondPerAddress=1000000000 SessionReplay__Ingest__WorkPerSecondPerKey=1000000000
dotnet bin/Release/net10.0/SessionReplay.ReferenceHost.dll --urls "http://127.0.0.1:$port" > "$folder/host.log" 2>&1 < /dev/null &
host=$!
cd ../..
wait_for_host 60
script=bench.mjs
[ "${1:-}" != live ] || { script=live.mjs; shift; }
(cd benchmarks/player && node "$script" "http://127.0.0.1:$port" "$@") || { tail -40 "$folder/host.log"; exit 1; }
