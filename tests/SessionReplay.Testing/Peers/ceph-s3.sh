#!/bin/bash
# A real Ceph cluster (mon + osd + radosgw) as plain processes on 127.0.0.1, about 10 s to ready.
# apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common
# usage: ceph-s3.sh DIR BASEPORT; S3 on BASEPORT+80, keys AK/SKSKSK; process ids in DIR/{mon,osd,rgw}.pid
set -e
D=$1; B=$2; STORE=${3:-memstore}; mkdir -p $D/{run,mon,osd,log}; cd $D
waitport() { for ((i = 0; i < $2 * 20; i++)); do (exec 3<>/dev/tcp/127.0.0.1/$1) 2>/dev/null && return 0; sleep 0.05; done; return 1; }
FSID=$(cat /proc/sys/kernel/random/uuid); OSDID=$(cat /proc/sys/kernel/random/uuid)
cat > ceph.conf <<C
[global]
fsid = $FSID
mon host = [v2:127.0.0.1:$B,v1:127.0.0.1:$((B+1))]
mon initial members = a
public network = 127.0.0.0/8
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv4 = true
ms bind port min = $((B+10))
ms bind port max = $((B+60))
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
run dir = $D/run
admin socket = $D/run/\$name.asok
log file = $D/log/\$name.log
pid file =
keyring = $D/keyring
crash dir = $D/log
setuser match path = $D
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail warn = 1
mon data avail crit = 0
mon max pg per osd = 1000
mon warn on pool no redundancy = false
debug mon = 0
debug osd = 0
debug rgw = 1
debug ms = 0
[mon]
mon data = $D/mon
mon osd full ratio = .99
mon osd backfillfull ratio = .98
mon osd nearfull ratio = .97
auth allow insecure global id reclaim = false
mon pg warn min per osd = 0
mon rocksdb options = write_buffer_size=8388608
[osd]
osd data = $D/osd
osd objectstore = $STORE
memstore device bytes = 2147483648
bluestore block size = 4294967296
bluestore fsck on mount = false
osd class update on start = false
osd memory target = 939524096
bluestore cache size = 67108864
osd op num shards = 2
osd op num threads per shard = 1
[client]
ms mon client mode = crc
ms client mode = crc
auth client required = none
rgw frontends = beast endpoint=127.0.0.1:$((B+80))
rgw thread pool size = 32
rgw data = $D/rgw
rgw crypt require ssl = false
rgw lc debug interval = 5
rgw enable ops log = false
rgw enable usage log = false
rgw dns name = localhost
C
export CEPH_CONF=$D/ceph.conf
monmaptool --create --fsid $FSID --addv a "[v2:127.0.0.1:$B,v1:127.0.0.1:$((B+1))]" monmap >/dev/null
ceph-mon -c ceph.conf -i a --mkfs --monmap monmap >/dev/null 2>$D/log/mkfs.err
ceph-mon -c ceph.conf -i a -f >log/mon.out 2>&1 & echo $! > mon.pid
waitport $B 20
ceph -c ceph.conf --connect-timeout 20 osd new $OSDID >/dev/null
ceph-osd -c ceph.conf -i 0 --mkfs --osd-uuid $OSDID >log/osdmkfs.out 2>&1
ceph-osd -c ceph.conf -i 0 -f >log/osd.out 2>&1 & echo $! > osd.pid
mkdir -p rgw; radosgw -c ceph.conf -n client.rgw -f >log/rgw.out 2>&1 & echo $! > rgw.pid
waitport $((B+80)) 120 || { echo "radosgw did not start" >&2; exit 1; }
radosgw-admin -c ceph.conf -n client.rgw user create --uid t --display-name t --access-key AK --secret SKSKSK >log/user.json 2>log/user.err
