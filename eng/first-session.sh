#!/usr/bin/env bash
# Times a newcomer's way: a fresh clone, one command, and the first recorded session visible in the player.
#   eng/first-session.sh [repository]      default: this one, as it is committed
# Package caches are used as they are on this machine. Needs Chromium at /usr/bin/chromium.
set -euo pipefail
repository=$(cd "${1:-$(dirname "$0")/..}" && pwd)
folder=$(mktemp -d)
host=
cleanup() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
start=$(date +%s%N)
since() { printf '%s.%s s' $((($(date +%s%N) - start) / 1000000000)) $((($(date +%s%N) - start) / 100000000 % 10)); }

git clone -q "$repository" "$folder/clone"
echo "cloned after $(since)"
cd "$folder/clone"
dotnet run --project samples/SessionReplay.ReferenceHost -- --urls "http://127.0.0.1:$port" > "$folder/host.log" 2>&1 < /dev/null &
host=$!
for _ in $(seq 1 1800); do
  grep -q 'Application started' "$folder/host.log" && break
  kill -0 "$host" 2>/dev/null || { cat "$folder/host.log"; echo 'the host ended'; exit 1; }
  sleep 0.1
done
echo "the shop answers after $(since)"
node eng/first-session.mjs "http://127.0.0.1:$port" || { tail -40 "$folder/host.log"; exit 1; }
echo "the first recorded session is visible in the player after $(since)"
