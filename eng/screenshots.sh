#!/usr/bin/env bash
# Takes the pictures of README.md: starts the sample, visits it as a few customers would, and photographs the session list and the player in light and dark.
#   eng/screenshots.sh        writes docs/images/{list,player}-{light,dark}.webp
# Needs Chromium at /usr/bin/chromium, Node 20 and the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x /usr/bin/chromium ] || { echo 'Chromium is missing at /usr/bin/chromium. On Debian and Ubuntu: apt-get install -y chromium' >&2; exit 2; }
. eng/host.sh
dotnet build samples/SessionReplay.ReferenceHost -v q -nologo
(cd samples/SessionReplay.ReferenceHost && ASPNETCORE_ENVIRONMENT=Development ASPNETCORE_FORWARDEDHEADERS_ENABLED=true exec dotnet bin/Debug/net10.0/SessionReplay.ReferenceHost.dll \
  --urls "http://127.0.0.1:$port" --SessionReplay:DataDirectory "$folder/data") > "$folder/host.log" 2>&1 < /dev/null &
host=$!
wait_for_host 60
mkdir -p docs/images
node eng/screenshots.mjs "http://127.0.0.1:$port" docs/images || { tail -40 "$folder/host.log"; exit 1; }
ls -l docs/images
