#!/usr/bin/env bash
# Runs every test of the repository and ends with the line "N passed, N failed".
#
#   ./test.sh                 what every change is tested with; installs with apt what the tests start (browser, brokers, stores) where it is missing
#   ./test.sh --only Crypto   only the test projects whose name contains "Crypto" (may be repeated; "js" is the TypeScript side)
#   ./test.sh --long          everything: also every fault on every adapter, more kills, ahead-of-time compilation, a million sessions (Takes=Long)
#   ./test.sh --list          the names that --only can match
#   LANES=1 ./test.sh         one suite at a time, where four are too many for the machine
#
# Needs .NET SDK 10, Node 20 or newer and npm on a Debian-like Linux. Exits non-zero when anything fails, also when a runner
# ends without a summary. Logs and results lie in artifacts/test/.
set -uo pipefail
cd "$(dirname "$0")"
exec </dev/null
export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 NO_COLOR=1 DEBIAN_FRONTEND=noninteractive
# The tests start hundreds of processes that live for seconds: recompiling their methods for speed takes a third of their processor time.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=2000
# The collector for servers takes 6 % more processor time in processes that live so short.
export DOTNET_gcServer=0
# No terminal: the terminal logger would rewrite lines that the log should keep.
export MSBUILDTERMINALLOGGER=off

only=()
filter='Takes!=Long'
while [ $# -gt 0 ]; do
  case "$1" in
    --only) [ $# -ge 2 ] || { echo "--only needs a name" >&2; exit 2; }; only+=("$2"); shift 2 ;;
    --long) filter=; shift ;;
    --list) echo js; grep -l '<ProjectType>Test</ProjectType>' tests/*/*.csproj | xargs -n 1 basename -s .csproj; exit 0 ;;
    -h|--help) sed -n '2,11p' "$0" | sed 's/^# \{0,1\}//'; exit 0 ;;
    *) echo "unknown argument: $1 (see ./test.sh --help)" >&2; exit 2 ;;
  esac
done

# Some of the node peers open a file per object.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

results=artifacts/test
rm -rf "$results"; mkdir -p "$results"
passed=0 failed=0 skipped=0
summary=()

say() { printf '\n== %s\n' "$*"; }
# A line of the summary: row NAME PASSED FAILED SKIPPED SECONDS
row() {
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
  summary+=("$(printf '%-52s %5s passed %3s failed %3s skipped %4s s' "$@")")
}
fail() { failed=$((failed + 1)); summary+=("$(printf '%-52s FAILED: %s' "$1" "$2")"); echo "FAILED: $1: $2" >&2; }
finish() {
  if compgen -G "$results/*.failures" >/dev/null; then say 'Failures'; cat "$results"/*.failures; fi
  say "Summary ($((SECONDS / 60)) min)"
  [ ${#summary[@]} -eq 0 ] || printf '%s\n' "${summary[@]}"
  if compgen -G "$results/*/*.trx" >/dev/null || [ -e "$results/vitest.json" ]; then say 'The ten slowest tests'; node eng/slowest-tests.mjs "$results"; fi
  [ $((passed + failed)) -gt 0 ] || failed=1
  printf '\n%s passed, %s failed' "$passed" "$failed"
  [ "$skipped" -eq 0 ] || printf ', %s skipped' "$skipped"
  printf '\n'
  [ "$failed" -eq 0 ] || exit 1
  exit 0
}
selected() {
  [ ${#only[@]} -gt 0 ] || return 0
  local pattern
  for pattern in "${only[@]}"; do [[ "${1,,}" == *"${pattern,,}"* ]] && return 0; done
  return 1
}
# Runs a command with its output in a log and at most so many minutes: step NAME MINUTES LOG COMMAND...
step() {
  local name=$1 minutes=$2 log="$results/$3.log" start=$SECONDS code
  shift 3
  say "$name"
  timeout --kill-after=30s "${minutes}m" "$@" >"$log" 2>&1
  code=$?
  if [ $code -ne 0 ]; then
    tail -n 60 "$log"
    [ $code -eq 124 ] && echo "ended after $minutes minutes" || echo "exit code $code; the whole log is in $log"
  fi
  echo "$name: $((SECONDS - start)) s"
  return $code
}
retry() {
  local i
  for i in 1 2 3; do "$@" && return 0; echo "attempt $i of 3 failed: $*"; sleep $((i * 3)); done
  return 1
}
export -f retry

# --- What must be here -------------------------------------------------------------------------------------------------------
[ "$(uname -s)" = Linux ] || { echo "test.sh runs on Linux: the tests start Debian's packages as servers." >&2; exit 2; }
command -v dotnet >/dev/null || { echo ".NET SDK 10 is missing: https://dotnet.microsoft.com/download" >&2; exit 2; }
dotnet --version >/dev/null 2>&1 || { echo ".NET SDK 10.0.100 or newer is needed (global.json); installed: $(dotnet --list-sdks | tr '\n' ' ')" >&2; exit 2; }
command -v node >/dev/null && command -v npm >/dev/null || { echo "Node 20 or newer and npm are missing." >&2; exit 2; }
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || { echo "Node 20 or newer is needed; installed: $(node --version)" >&2; exit 2; }

# --- Servers and browser that the tests start --------------------------------------------------------------------------------
install_peers() {
  local wanted=() pair
  for pair in /usr/bin/chromium=chromium /usr/bin/chromium-headless-shell=chromium-headless-shell /usr/lib/rabbitmq/bin/rabbitmq-server=rabbitmq-server /usr/sbin/nats-server=nats-server '/usr/lib/postgresql/*/bin/postgres=postgresql' \
    /usr/bin/ceph-mon=ceph-mon /usr/bin/ceph-osd=ceph-osd /usr/bin/radosgw=radosgw /usr/bin/ceph=ceph-common \
    /usr/bin/clang=clang /usr/include/zlib.h=zlib1g-dev \
    /usr/sbin/nginx=nginx-light /usr/bin/sqlite3=sqlite3 \
    /usr/bin/firefox-esr=firefox-esr /usr/bin/WebKitWebDriver=webkit2gtk-driver /usr/bin/xvfb-run=xvfb; do
    compgen -G "${pair%%=*}" >/dev/null || wanted+=("${pair#*=}")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || { echo "These packages are missing and need root: ${wanted[*]}. Run: sudo apt-get install -y --no-install-recommends ${wanted[*]}"; return 1; }
    root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
  fi
  command -v apt-get >/dev/null || { echo "Install these by hand, apt-get is not here: ${wanted[*]}"; return 1; }
  # Without this the packages would start services of their own.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee /usr/sbin/policy-rc.d >/dev/null && "${root[@]}" chmod 755 /usr/sbin/policy-rc.d
  fi
  retry "${root[@]}" apt-get update -q && retry "${root[@]}" apt-get install -y -q --no-install-recommends "${wanted[@]}"
}
export -f install_peers
if [ ${#only[@]} -eq 0 ]; then
  step 'System packages' 20 apt bash -c install_peers || fail 'System packages' "see $results/apt.log"
  step 'Node peers' 15 npm-peers bash -c 'retry npm --prefix tests/peers ci --ignore-scripts' || fail 'Node peers' "see $results/npm-peers.log"
  step 'Corpus' 10 npm-corpus bash -c 'retry npm --prefix tests/corpus ci --ignore-scripts' || fail 'Corpus' "see $results/npm-corpus.log"
fi

# --- Build -------------------------------------------------------------------------------------------------------------------
suites=()
if selected js; then suites+=(js); fi
for file in tests/*/*.csproj; do
  name=$(basename "$file" .csproj)
  grep -q '<ProjectType>Test</ProjectType>' "$file" && selected "$name" && suites+=("$name")
done
[ ${#suites[@]} -gt 0 ] || { echo "nothing is called ${only[*]} (see ./test.sh --list)" >&2; exit 2; }

step 'npm ci' 10 npm-ci bash -c 'retry npm --prefix js ci --ignore-scripts' || { fail 'npm ci' "see $results/npm-ci.log"; finish; }
if selected js; then
  step 'npm run check' 10 js-check npm --prefix js run check || fail 'npm run check' 'TypeScript reports errors'
  step 'npm run build' 10 js-build npm --prefix js run build || fail 'npm run build' "see $results/js-build.log"
  step 'size-limit' 5 size-limit npm --prefix js run size || fail 'size-limit' 'a bundle is larger than it may be'
  cat "$results/size-limit.log"
fi
# --- Tests. Each suite writes "PASSED FAILED SKIPPED CODE SECONDS" into NAME.result -------------------------------------------
run_js() {
  (cd js && timeout --kill-after=30s 30m npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="../$results/vitest.json") \
    >"$results/js.log" 2>&1
  local code=$?
  node -e '
    const { readFileSync, writeFileSync } = require("fs");
    const [results, code, seconds] = process.argv.slice(1);
    const r = JSON.parse(readFileSync(`${results}/vitest.json`, "utf8"));
    const broken = r.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0);
    const failed = r.testResults.flatMap((f) => f.assertionResults.filter((a) => a.status === "failed"));
    writeFileSync(`${results}/js.result`, [r.numPassedTests, r.numFailedTests + broken.length, r.numPendingTests + r.numTodoTests, code, seconds].join(" ") + "\n");
    const said = [...broken.map((f) => `  Failed ${f.name}\n${f.message}`), ...failed.map((a) => `  Failed ${a.fullName}\n${a.failureMessages.join("\n")}`)];
    if (said.length > 0) writeFileSync(`${results}/js.failures`, said.map((text) => text.split("\n").slice(0, 12).join("\n") + "\n").join(""));' \
    "$results" $code $SECONDS
}
run_project() {
  local name=$1 log="$results/$1.log" code line
  timeout --kill-after=30s 30m dotnet test "tests/$name/bin/Debug/net10.0/$name.dll" --blame-hang-timeout 10m --blame-hang-dump-type none \
    ${filter:+--filter "$filter"} --logger "trx;LogFileName=$name.trx" \
    --results-directory "$results/$name" >"$log" 2>&1
  code=$?
  # The last line of a run: "Passed!  - Failed:     0, Passed:    12, Skipped:     0, Total:    12, Duration: 1 s - X.dll (net10.0)"
  line=$(grep -E '^(Passed|Failed|Skipped)! +- Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -n 1)
  [ -z "$line" ] || echo "$(sed -E 's/.*Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+).*/\2 \1 \3/' <<<"$line") $code $SECONDS" >"$results/$name.result"
  grep -A 12 -E '^ +Failed [^ ]+' "$log" >"$results/$name.failures" || rm "$results/$name.failures"
  # What ended a run without a failed test, such as a test that hung, stands in its last lines.
  if [ $code -ne 0 ] && [ ! -s "$results/$name.failures" ]; then tail -n 15 "$log" >"$results/$name.failures"; fi
}
run_suite() {
  SECONDS=0
  if [ "$1" = js ]; then run_js; else run_project "$1"; fi
  say "$1: $(cat "$results/$1.result" 2>/dev/null || echo 'no summary') (passed, failed, skipped, exit code, seconds)"
}

# Suites that compute, LANES at a time, the longest first; beside them, two at a time, those that wait for brokers, databases and stores: of the 200
# seconds of the Kafka suite it computes for 20.
# A suite that is not named comes after those that are.
working=(js SessionReplay.FaultTests SessionReplay.Fidelity SessionReplay.GuideTests SessionReplay.AspNetCore.Tests SessionReplay.EndToEnd SessionReplay.Pipeline.Tests SessionReplay.DocumentationTests SessionReplay.PackageTests SessionReplay.ScaleOut.Tests)
waiting=(SessionReplay.Queues.RabbitMQ.Tests SessionReplay.Queues.Kafka.Tests SessionReplay.Queues.Sqs.Tests SessionReplay.Queues.Tests SessionReplay.Queues.Nats.Tests
  SessionReplay.Storage.PostgreSql.Tests SessionReplay.Storage.Tests SessionReplay.Queues.AzureServiceBus.Tests SessionReplay.Storage.S3.Tests)
works=() waits=()
for name in "${working[@]}"; do [[ " ${suites[*]} " == *" $name "* ]] && works+=("$name"); done
for name in "${waiting[@]}"; do [[ " ${suites[*]} " == *" $name "* ]] && waits+=("$name"); done
for name in "${suites[@]}"; do [[ " ${working[*]} ${waiting[*]} " == *" $name "* ]] || works+=("$name"); done
if [ "${LANES:=2}" -eq 1 ]; then works+=("${waits[@]}"); waits=(); fi
ordered=("${works[@]}" "${waits[@]}")

# The scripts are built: what tests them need not wait for .NET.
if [ "${works[0]:-}" = js ] && [ "$LANES" -gt 1 ]; then run_suite js & js=$!; works=("${works[@]:1}"); fi
if [ "${suites[*]}" != js ] && ! step 'dotnet build' 20 build dotnet build SessionReplay.slnx -warnaserror -v q -nologo; then
  fail 'dotnet build' "see $results/build.log"
  works=() waits=()
  if selected js && [ "$LANES" -gt 1 ]; then ordered=(js); else ordered=(); fi
fi

say "${#ordered[@]} suites"
# Runs suites, so many at a time: pool COUNT NOT_COUNTED NAME...
pool() {
  local count=$1 other=$2 name
  shift 2
  for name in "$@"; do
    while [ "$(jobs -rp | grep -cvx "$other")" -ge "$count" ]; do wait -n; done
    run_suite "$name" &
  done
  wait
}
beside=none
if [ ${#waits[@]} -gt 0 ]; then pool 2 none "${waits[@]}" & beside=$!; fi
pool "$LANES" "$beside" "${works[@]}"

for name in "${ordered[@]}"; do
  read -r p f s code time 2>/dev/null <"$results/$name.result" || { fail "$name" "no summary; see $results/$name.log"; continue; }
  row "$name" "$p" "$f" "$s" "$time"
  # A run that printed a summary and then crashed or hung has failed too.
  [ "$code" -eq 0 ] || [ "$f" -gt 0 ] || fail "$name" "ended with $code after its summary"
  grep -E '^ +Skipped ' "$results/$name.log" || true
done

finish
