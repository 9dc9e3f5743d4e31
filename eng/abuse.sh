#!/usr/bin/env bash
# Measures what hostile clients with the public write key can do to one process with default settings: its resident memory and a normal visitor's
# 95th percentile, quiet and abused.   eng/abuse.sh [clients, default 24] [seconds of each phase, default 30]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
host=
cleanup() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT
dotnet build samples/Minimal -c Release -v q -nologo "-p:BuildJs=false" -o "$folder/host"
dotnet build tests/SessionReplay.LoadGenerator -c Release -v q -nologo
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
# Requests are not logged one by one, as in the settings of the templates.
dotnet "$folder/host/Minimal.dll" --urls "http://127.0.0.1:$port" --contentRoot "$folder/host" --SessionReplay:DataDirectory "$folder/data" --Logging:LogLevel:Microsoft.AspNetCore Warning > "$folder/host.log" 2>&1 &
host=$!
for _ in $(seq 1 300); do
  grep -q 'Application started' "$folder/host.log" && break
  kill -0 "$host" 2>/dev/null || { cat "$folder/host.log"; echo 'the host ended'; exit 1; }
  sleep 0.2
done
dotnet tests/SessionReplay.LoadGenerator/bin/Release/net10.0/SessionReplay.LoadGenerator.dll --hostile "${1:-24}" --seconds "${2:-30}" --pid "$host" --ingest "http://127.0.0.1:$port/session-replay" --key minimal-sample \
  || { tail -5 "$folder/host.log"; exit 1; }
