#!/usr/bin/env bash
# Changes the code in small ways, one at a time (a mutant: a condition turned round, a statement left out), and counts how many of the
# changes a test notices.
#
#   eng/mutation.sh                  Crypto, Format and Sanitizing
#   eng/mutation.sh Format           one of them: the name of a file in eng/mutation/
#
# It works on a copy of the source tree, so you can go on working. artifacts/mutation/NAME has the report: survivors.txt lists what no test
# notices, and mutation-report.html shows it in the source.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDTERMINALLOGGER=off

[ $# -gt 0 ] || set -- Crypto Format Sanitizing
root=$PWD
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -co --exclude-standard -z | tar --null --ignore-failed-read -T - -cf - | tar -xf - -C "$copy"
(cd "$copy" && dotnet tool restore >/dev/null)

for name in "$@"; do
  config="$copy/eng/mutation/$name.json"
  [ -e "$config" ] || { echo "$name: there is no eng/mutation/$name.json" >&2; exit 2; }
  out="$root/artifacts/mutation/$name"
  rm -rf "$out"; mkdir -p "$out"
  project=$(sed -n 's/.*"project": "\(.*\)\.csproj".*/\1/p' "$config")
  (cd "$copy/src/$project" && dotnet stryker -f "../../eng/mutation/$name.json" -O "$out" --skip-version-check) >"$out/stryker.log" 2>&1 \
    || { tail -n 30 "$out/stryker.log"; exit 1; }
  mv "$out"/reports/* "$out"; rmdir "$out/reports"
done
node eng/mutation-table.mjs "$@"
