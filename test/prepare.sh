#!/usr/bin/env bash
# Installs the servers and programs that the tests start, where they are missing. Needs Debian and root for that;
# elsewhere it says what is missing, and the tests fail where they need it: no test is skipped.
set -euo pipefail

declare -A needed=(
  [/usr/sbin/dovecot]=dovecot-imapd
  [/usr/lib/dovecot/lmtp]=dovecot-lmtpd
  [/usr/sbin/sshd]=openssh-server
  [/usr/bin/rsync]=rsync
  [/usr/bin/pdsh]=pdsh
  [/usr/bin/clush]=clustershell
  [/usr/bin/ansible-playbook]=ansible-core
  [/usr/bin/ftpsync]=ftpsync
  [/usr/bin/xz]=xz-utils
  [/usr/bin/zstd]=zstd
  [/usr/bin/chromium]=chromium
  [/usr/bin/ping]=iputils-ping
  [/usr/sbin/traceroute]=traceroute
  [/usr/sbin/ip]=iproute2
  [/usr/bin/faketime]=faketime
  [/usr/bin/systemd-analyze]=systemd
  [/usr/bin/setpriv]=util-linux
  [/usr/bin/sudo]=sudo
  [/usr/bin/python3]=python3
  [/usr/bin/prometheus-alertmanager]=prometheus-alertmanager
  [/usr/sbin/nagios4]=nagios4-core
)
missing=()
for program in "${!needed[@]}"; do
  [[ -e $program || -e ${program/\/usr\/sbin/\/usr\/bin} ]] || missing+=("${needed[$program]}")
done
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
compgen -G '/usr/lib/*/libseccomp.so.2' >/dev/null || missing+=(libseccomp2)
((${#missing[@]})) || exit 0

if ! command -v apt-get >/dev/null || ((EUID)); then
  echo "test/prepare.sh: install these first: ${missing[*]}" >&2
  exit 0
fi
echo "test/prepare.sh: installing ${missing[*]}"
# Servers are started by the tests, on ports and in folders of their own.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
