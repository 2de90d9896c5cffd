#!/bin/sh
# The deployment succeeds on this host only when the website answers.
exec "${EVENKEEL_NODE:-/opt/evenkeel/bin/node}" "${EVENKEEL_ROOT:-}/srv/website/server.mjs" --validate
