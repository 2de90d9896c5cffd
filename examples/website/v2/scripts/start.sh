#!/bin/sh
# Starts the website in the background, at deployment and at every boot; its output goes to a log, so that the hook can end.
# EVENKEEL_ROOT is there only where the machine's root is a folder, HOST and PORT (see server.mjs) where it shares a network.
root=${EVENKEEL_ROOT:-}
cd "$root/srv/website" || exit 1
nohup "${EVENKEEL_NODE:-/opt/evenkeel/bin/node}" server.mjs >>"$root/var/log/website.log" 2>&1 </dev/null &
echo $! >"$root/run/website.pid"
