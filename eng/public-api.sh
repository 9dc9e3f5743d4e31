#!/usr/bin/env bash
# Writes each library's public members into its PublicAPI.Unshipped.txt (all or the named projects), so that a change of the
# public surface is a line in the diff.  usage: eng/public-api.sh [SessionReplay.Crypto ...]
set -euo pipefail
cd "$(dirname "$0")/.."
projects=("$@")
[ ${#projects[@]} -gt 0 ] || mapfile -t projects < <(ls src)
for project in "${projects[@]}"; do
  folder="src/$project"
  [ -f "$folder/PublicAPI.Unshipped.txt" ] || continue
  echo '#nullable enable' > "$folder/PublicAPI.Unshipped.txt"
  log=$(mktemp)
  CI= dotnet build "$folder" --no-incremental -v q -nologo "-p:BuildJs=false" > "$log" || { grep -E ': error' "$log" | sort -u; git checkout -q -- "$folder/PublicAPI.Unshipped.txt"; exit 1; }
  grep -oP "RS0016: Symbol '\K.*(?=' is not part of the declared public API)" "$log" | LC_ALL=C sort -u >> "$folder/PublicAPI.Unshipped.txt" || true
  rm -f "$log"
  echo "$project: $(($(wc -l < "$folder/PublicAPI.Unshipped.txt") - 1)) members"
done
