#!/bin/sh
# A machine's first process: runs user data once, or the command it is given, and reaps whatever loses its parent.
# Descriptor 3 stays with this process alone: its end is how the host learns of the machine's end, what it says last is why.
export PATH=/opt/aws/shims:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/aws/bin HOME=/root USER=root LOGNAME=root SHELL=/bin/sh
cd /root

ending=
ready=
# The platform has much to do once a machine is up, and not many cores: it is told when user data has begun.
tell_up() {
  [ -z "$ready" ] || echo "$ready" >&3
  ready=
}
finish() {
  ending=yes
  trap '' TERM USR1
  tell_up
  kill -TERM -1 2>/dev/null
  wait
  echo "end $1" >&3
  exit 0
}
trap 'finish "exit code 0"' TERM INT PWR
trap 'finish reboot' USR1
# Whatever runs from here on may use the link; a host that finds nothing written knows that nothing did. When the host dies before its word,
# so does the machine.
read -r in_force <&4 || exit 97
echo begun >&5
exec 4<&- 5>&-
ready=$READY
unset READY OLDPWD in_force

if [ $# -gt 0 ]; then
  tell_up
  "$@" 3>&- &
  main=$!
  wait "$main"
  exit $?
fi

# As cloud-init does: the launch's key opens the first there is of the accounts that images have for it.
open_account() {
  : > $cloud/sem-public-key
  for user in ec2-user admin ubuntu debian root; do
    entry=$(grep "^$user:" /etc/passwd) || continue
    ssh=$(echo "$entry" | cut -d: -f6)/.ssh
    mkdir -p "$ssh"
    cat $cloud/public-key >> "$ssh/authorized_keys"
    chmod 700 "$ssh" && chmod 600 "$ssh/authorized_keys"
    chown -R "$(echo "$entry" | cut -d: -f3,4)" "$ssh"
    return
  done
}
# Of an image that has it and would start it, or whose machine somebody has a key for.
wants_sshd() {
  units=/etc/systemd/system/multi-user.target.wants
  [ -x /usr/sbin/sshd ] &&
    { [ -f $cloud/public-key ] || [ -L $units/ssh.service ] || [ -L $units/sshd.service ]; }
}
start_sshd() {
  mkdir -p /run/sshd /etc/ssh
  [ -e /etc/ssh/sshd_config ] ||
    printf 'PasswordAuthentication no\nSubsystem sftp internal-sftp\n' > /etc/ssh/sshd_config
  ssh-keygen -A > /dev/null && /usr/sbin/sshd
}

# Where the edge joins this network to the AWS endpoint; SDKs read the variable by themselves.
export AWS_ENDPOINT_URL=http://169.254.169.254:4566
cloud=/var/lib/cloud/instance
if [ -f $cloud/public-key ] && [ ! -e $cloud/sem-public-key ]; then
  tell_up
  open_account 3>&-
fi
if wants_sshd; then start_sshd 3>&- & fi
if [ -f $cloud/user-script ] && [ ! -e $cloud/sem-user-data ]; then
  : > $cloud/sem-user-data
  { $cloud/user-script 3>&- 2>&1; code=$?
    [ $code = 0 ] || echo "user data ended with exit code $code"
    echo $code > $cloud/user-data.exit-code; } 3>&- 2>&1 | tee -a /var/log/cloud-init-output.log 3>&- &
fi
tell_up
# At every boot, as cloud-init has it: the programs of per-boot, in the order of their names, after user data has begun.
for program in /var/lib/cloud/scripts/per-boot/*; do
  [ -x "$program" ] && "$program" 3>&- 2>&1 | tee -a /var/log/cloud-init-output.log 3>&- &
done
# A child that never ends keeps this shell waiting, and so reaping.
sleep infinity 3>&- &
while [ -z "$ending" ]; do wait; done
