#!/bin/sh
# Ends the running website, and waits until it has finished its requests.
pid_file=${EVENKEEL_ROOT:-}/run/website.pid
[ -f "$pid_file" ] || exit 0
pid=$(cat "$pid_file")
kill "$pid" 2>/dev/null || exit 0
for _ in $(seq 1 100); do
  kill -0 "$pid" 2>/dev/null || { rm -f "$pid_file"; exit 0; }
  sleep 0.1
done
echo "process $pid did not end in 10 seconds" >&2
exit 1
