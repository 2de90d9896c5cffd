#!/bin/sh
# Starts the website in the background, at deployment and at every boot; its output goes to a log, so that the hook can end.
cd /srv/website || exit 1
nohup "${EVENKEEL_NODE:-/opt/evenkeel/bin/node}" server.mjs >>/var/log/website.log 2>&1 </dev/null &
echo $! >/run/website.pid
