#!/usr/bin/env bash
# Prints what differs between pages and their replay, and why, and writes it to docs/fidelity.md.
set -euo pipefail
cd "$(dirname "$0")/.."
FIDELITY_WRITE=1 dotnet test tests/SessionReplay.Fidelity -v q -nologo --filter Table_InDocs_IsCurrent >&2
cat docs/fidelity.md
