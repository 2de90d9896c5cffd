#!/bin/sh
# Asks the instance metadata service who and where this instance is.
set -e
exec "${EVENKEEL_NODE:-/opt/evenkeel/bin/node}" "${EVENKEEL_ROOT:-}/srv/website/server.mjs" --identify
