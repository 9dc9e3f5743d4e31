#!/usr/bin/env bash
# Times a newcomer's way: a fresh clone, one command, and the first recorded session visible in the player.
#   eng/first-session.sh [repository]      default: this one, as it is committed
# Package caches are used as they are on this machine. Needs Chromium at /usr/bin/chromium, Node 20, npm and the .NET SDK.
set -euo pipefail
[ -x /usr/bin/chromium ] || { echo 'Chromium is missing at /usr/bin/chromium. On Debian and Ubuntu: apt-get install -y chromium' >&2; exit 2; }
for program in git dotnet node npm; do command -v "$program" > /dev/null || { echo "$program is missing: CONTRIBUTING.md lists what you need." >&2; exit 2; }; done
repository=$(cd "${1:-$(dirname "$0")/..}" && pwd)
. "$(dirname "$0")/host.sh"
start=$(date +%s%N)
since() { printf '%s.%s s' $((($(date +%s%N) - start) / 1000000000)) $((($(date +%s%N) - start) / 100000000 % 10)); }

git clone -q "$repository" "$folder/clone"
echo "cloned after $(since)"
cd "$folder/clone"
dotnet run --project samples/SessionReplay.ReferenceHost -- --urls "http://127.0.0.1:$port" > "$folder/host.log" 2>&1 < /dev/null &
host=$!
wait_for_host 180
echo "the shop answers after $(since)"
node eng/first-session.mjs "http://127.0.0.1:$port" || { tail -40 "$folder/host.log"; exit 1; }
echo "the first recorded session is visible in the player after $(since)"
