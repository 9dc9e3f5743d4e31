#!/usr/bin/env bash
# Starts RabbitMQ, Ceph, PostgreSQL and five processes of this host (2 ingest, 2 workers, 1 playback) on 127.0.0.1, drives visitors, kills one process of
# each role on the way, and proves that every batch that was answered with 202 is in the recordings exactly once. Ends all that it started.
#
#   samples/ScaleOut/prove.sh [--visitors 200] [--seconds 120] [--pace 4] [--store ceph|s3rver]
#
# Needs the packages rabbitmq-server, postgresql, ceph-mon, ceph-osd, radosgw and ceph-common (./test.sh installs them), and for s3rver `npm ci` in tests/peers.
set -euo pipefail
cd "$(dirname "$0")/../.."
project=tests/SessionReplay.ScaleOutProof
dotnet build "$project" -c Release -v q -nologo
exec dotnet "$project/bin/Release/net10.0/SessionReplay.ScaleOutProof.dll" "$@"
