#!/usr/bin/env bash
# Measures what hostile clients with the public write key can do to one process with default settings: its resident memory and a normal visitor's
# 95th percentile, quiet and abused.   eng/abuse.sh [clients, default 24] [seconds of each phase, default 30]
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/host.sh
dotnet build samples/Minimal -c Release -v q -nologo "-p:BuildJs=false" -o "$folder/host"
dotnet build tests/SessionReplay.LoadGenerator -c Release -v q -nologo
# Requests are not logged one by one, as in the settings of the templates.
dotnet "$folder/host/Minimal.dll" --urls "http://127.0.0.1:$port" --contentRoot "$folder/host" --SessionReplay:DataDirectory "$folder/data" --Logging:LogLevel:Microsoft.AspNetCore Warning > "$folder/host.log" 2>&1 &
host=$!
wait_for_host 60
dotnet tests/SessionReplay.LoadGenerator/bin/Release/net10.0/SessionReplay.LoadGenerator.dll --hostile "${1:-24}" --seconds "${2:-30}" --pid "$host" --ingest "http://127.0.0.1:$port/session-replay" --key minimal-sample \
  || { tail -5 "$folder/host.log"; exit 1; }
