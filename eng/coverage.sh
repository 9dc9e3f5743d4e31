#!/usr/bin/env bash
# Prints which share of each package's lines and branches the tests run.
#
#   eng/coverage.sh                  all packages
#   eng/coverage.sh Crypto js        by the suites whose name contains one of these
#
# It counts what runs in the process of the tests. Suites that start applications and browsers (EndToEnd, FaultTests, Fidelity, GuideTests,
# PackageTests, ScaleOut) would add nothing, and neither do the recorder and the player where they run in a browser. artifacts/coverage has
# the reports by file: index.html, and js/index.html.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDTERMINALLOGGER=off

out=artifacts/coverage
rm -rf "$out"; mkdir -p "$out"
selected() {
  [ ${#only[@]} -gt 0 ] || return 0
  local pattern
  for pattern in "${only[@]}"; do [[ "${1,,}" == *"${pattern,,}"* ]] && return 0; done
  return 1
}
only=("$@")
failed=0
framework=$(dotnet --list-runtimes | sed -n 's#^Microsoft.AspNetCore.App \(10[^ ]*\) \[\(.*\)\]#\2/\1#p' | tail -n 1)

# Runs a suite under coverlet. It reads assemblies that reference ASP.NET Core only if they find it beside them.
cover() {
  local project=$1 name=$2 bin="$1/bin/Debug/net10.0" lent=() file code=0
  dotnet build "$project" -v q -nologo || return
  for file in "$framework"/*.dll; do
    [ -e "$bin/$(basename "$file")" ] || { cp "$file" "$bin"; lent+=("$bin/$(basename "$file")"); }
  done
  dotnet test "$project" --no-build --filter 'Takes!=Long' --settings eng/coverage.runsettings --collect 'XPlat Code Coverage' \
    --results-directory "$out/$name" || code=$?
  rm -f "${lent[@]}"
  return $code
}

for project in tests/*.Tests; do
  name=$(basename "$project")
  [ "$name" != SessionReplay.ScaleOut.Tests ] && selected "$name" || continue
  echo "$name" >&2
  cover "$project" "$name" >"$out/$name.log" 2>&1 || { echo "$name failed; see $out/$name.log" >&2; failed=1; }
done
if compgen -G "$out/*/*/coverage.cobertura.xml" >/dev/null; then
  dotnet tool restore >/dev/null
  dotnet reportgenerator "-reports:$out/*/*/coverage.cobertura.xml" "-targetdir:$out" '-reporttypes:Html;JsonSummary' >"$out/report.log"
fi
if selected js; then
  echo js >&2
  # Without a browser: what runs there is not counted, and takes most of the time.
  (cd js && env -u CI CHROMIUM=none npx --no-install vitest run --coverage.enabled --coverage.include='packages/*/src/**/*.ts' \
    --coverage.reporter=json-summary --coverage.reporter=html --coverage.reportsDirectory="../$out/js") >"$out/js.log" 2>&1 \
    || { echo "js failed; see $out/js.log" >&2; failed=1; }
fi
node eng/coverage-table.mjs "$out"
exit $failed
