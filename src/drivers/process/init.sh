#!/bin/sh
# The first process of a machine without namespaces: leads its process group, runs user data once and per-boot programs at every start, or
# the command it is given. Descriptor 3 is the FIFO whose end is the machine's end. Arguments: the machine's folder, then the command.
folder=$1
shift
read -r stat < /proc/$$/stat
read -r boot < /proc/sys/kernel/random/boot_id
ending=
# Whatever left the group carries the machine's root in its environment.
finish() {
  ending=yes
  trap '' TERM
  kill -TERM 0
  for environment in $(grep -lzxsF "EVENKEEL_ROOT=$EVENKEEL_ROOT" /proc/[0-9]*/environ); do
    pid=${environment#/proc/}
    kill -TERM "${pid%/environ}" 2>/dev/null
  done
  wait
  exit 0
}
trap finish TERM INT
echo "$boot $stat" > "$folder/pid" || exit 90
echo "up $boot $stat" >&3
cd "$EVENKEEL_ROOT" || exit 91

if [ $# -gt 0 ]; then
  "$@" 3>&- &
  wait $!
  exit $?
fi
log=$EVENKEEL_ROOT/var/log/cloud-init-output.log
if [ -f "$folder/user-data" ] && [ ! -e "$folder/user-data.ran" ]; then
  : > "$folder/user-data.ran"
  { "$folder/user-data" 3>&- 2>&1; code=$?
    [ $code = 0 ] || echo "user data ended with exit code $code"; } 3>&- 2>&1 |
    tee -a "$log" 3>&- &
fi
for program in "$EVENKEEL_ROOT"/var/lib/cloud/scripts/per-boot/*; do
  [ -x "$program" ] && "$program" 3>&- 2>&1 | tee -a "$log" 3>&- &
done
sleep infinity 3>&- &
while [ -z "$ending" ]; do wait; done
