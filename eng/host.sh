# Sourced by scripts that start a host: $folder is a temporary folder, $port a free port. Both, and the process $host, end with the script.
folder=$(mktemp -d)
host=
end_host() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap end_host EXIT
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')

# Waits until $host, whose output goes to $folder/host.log, accepts requests: wait_for_host SECONDS
wait_for_host() {
  for _ in $(seq 1 $(($1 * 10))); do
    grep -q 'Application started' "$folder/host.log" && return
    kill -0 "$host" 2>/dev/null || { cat "$folder/host.log"; echo 'the host ended' >&2; exit 1; }
    sleep 0.1
  done
}
