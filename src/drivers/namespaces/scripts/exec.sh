# Runs one command as a user of the machine: `exec.sh USER FOLDER COMMAND…`, with HOME and the rest as a login would have them.
user=$1 folder=$2 bounding=$BOUNDING
shift 2
unset BOUNDING CGROUPS OLDPWD
entry=$(getent passwd "$user") || { echo "there is no user $user in this machine" >&2; exit 125; }
IFS=: read -r name _ uid gid _ home shell <<EOF
$entry
EOF
export HOME="$home" USER="$name" LOGNAME="$name" SHELL="$shell"
cd "${folder:-$home}" 2>/dev/null || { [ -z "$folder" ] && cd /; } || { echo "no folder $folder" >&2; exit 125; }
unset OLDPWD
[ "$uid" = 0 ] && exec setpriv --bounding-set="$bounding" --inh-caps=-all "$@"
{ read -r _ _ ids; read -r more; } < /proc/self/uid_map
[ "$ids$more" = 1 ] && { echo "no user but root in this machine: the host machine's account has no subordinate ids" >&2; exit 125; }
exec setpriv --reuid="$uid" --regid="$gid" --init-groups --bounding-set="$bounding" --inh-caps=-all "$@"
