#!/bin/sh
# Becomes a machine. Runs as process 1 of new mount, pid, uts, ipc and net namespaces, with the capabilities to set them up: mounts what
# every machine has, by the `fstab` that is its argument, and waits until the host says on descriptor 4 which machine it is: a folder.
# Its `stage` sets the hostname, the VPC's namespace file, the mount point, the control groups, the bounding set, the environment and
# the init command. Descriptor 3 is the FIFO whose end is the machine's end; the host reads what is written to it, one line each. On
# descriptor 4 the host says next that the network's rules for the link are in force, which the init command waits for. Descriptor 5 is
# for the machine's own word that it goes on.
read -r stat < /proc/self/stat
read -r boot < /proc/sys/kernel/random/boot_id
mount -a -n -T "$1" || exit 93
read -r folder <&4 || exit 0
# For reading too, or this would wait for a host that has just died.
exec >> "$folder/console.log" 2>&1 3<> "$folder/alive"
echo "$boot $stat" > "$folder/pid" || exit 90
. "$folder/stage"
exec 5>> "$folder/waiting"
# Links, limits and mounts do not wait for one another, nor any for the rules. Process 1 is this shell, as everything in here sees it.
{ ip -batch "$folder/inside.ip" && nsenter --net="$router" ip -batch "$folder/outside.ip"; } &
links=$!
{
  for group in $groups; do
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
# The init says it, once it heeds signals: process 1 is deaf to those that it has no trap for.
export READY="up $boot $stat"
exec setpriv --bounding-set="$bounding" --inh-caps=-all "$@" < /dev/null
