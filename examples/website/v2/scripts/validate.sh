#!/bin/sh
# The deployment succeeds on this host only when the website answers.
exec "${EVENKEEL_NODE:-/opt/evenkeel/bin/node}" /srv/website/server.mjs --validate
