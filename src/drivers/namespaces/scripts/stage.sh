#!/bin/sh
# Becomes a machine. Runs as process 1 of new mount, pid, uts, ipc and net namespaces, with the capabilities to set them up;
# descriptor 3 is the FIFO whose end is the machine's end. Arguments: the machine's folder, its hostname, the VPC's namespace file,
# the mount point, then the init command. The host reads what is written to descriptor 3, one line each. On descriptor 4 it says
# that the network's rules for the link are in force, which the init command waits for. Descriptor 5 is for its own word that it goes on.
folder=$1 name=$2 router=$3 root=$4
shift 4
read -r stat < /proc/self/stat
read -r boot < /proc/sys/kernel/random/boot_id
echo "$boot $stat" > "$folder/pid" || exit 90
exec 5>> "$folder/waiting"
# Links, limits and mounts do not wait for one another, nor any for the rules. Process 1 is this shell, as everything in here sees it.
{ ip -batch "$folder/inside.ip" && nsenter --net="$router" ip -batch "$folder/outside.ip"; } &
links=$!
{
  for group in $CGROUPS; do
    echo 1 > "$group/cgroup.procs" || exit 1
  done
} &
limits=$!
mount -a -n -T "$folder/fstab" || exit 93
wait $links || exit 92
wait $limits || exit 96
echo "$name" 2>/dev/null > /proc/sys/kernel/hostname || hostname "$name" || exit 94
cd "$root" || exit 95
pivot_root . mnt && umount -l /mnt || exit 95
unset CGROUPS
# The init says it, once it heeds signals: process 1 is deaf to those that it has no trap for.
export READY="up $boot $stat"
exec setpriv --bounding-set="$BOUNDING" --inh-caps=-all "$@" < /dev/null
