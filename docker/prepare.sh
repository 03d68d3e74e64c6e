#!/bin/sh
# Makes what a deployment keeps for itself: its secrets, the relay's configuration, and .env for
# compose.yaml. What is there already stays as it is.
#
#   docker/prepare.sh DOMAIN ADDRESS [FOLDER]
#
# DOMAIN: the name people open. ADDRESS: this machine's public IP address, which media goes to.
# FOLDER: where to; beside this script unless said otherwise.
set -eu

HERE=$(dirname "$(readlink -f "$0")")

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "usage: prepare.sh DOMAIN ADDRESS [FOLDER]" >&2
  exit 64
fi
domain=$1 address=$2 folder=${3:-$HERE}

case $domain in
*[!A-Za-z0-9.-]* | "" | .* | -*) echo "$domain is not a domain." >&2 && exit 64 ;;
esac
case $address in
*[!0-9a-fA-F.:]* | "" | 127.* | 0.0.0.0 | ::*) echo "$address is not a public IP address." >&2 && exit 64 ;;
esac

# Containers run as users of their own, each of which must read its files; the folder keeps everyone
# else on this machine away from them.
secrets=$folder/secrets
mkdir -p "$secrets"
chmod 700 "$secrets"
umask 222

secret() {
  [ -e "$secrets/$1" ] || openssl rand -hex 32 >"$secrets/$1"
}

secret parley-secret
secret turn-secret
secret redis-password
secret grafana-password

if [ ! -e "$secrets/turnserver.conf" ]; then
  # The relay listens on all of this machine's addresses, without TLS: 443 is the pages'.
  sed -e '/^listening-ip=/d' -e '/^tls-listening-port=/d' -e '/^cert=/d' -e '/^pkey=/d' \
    -e "s/^allowed-peer-ip=.*/allowed-peer-ip=$address/" \
    -e "s/^static-auth-secret=.*/static-auth-secret=$(cat "$secrets/turn-secret")/" \
    -e '/^stale-nonce=/i no-tls' \
    "$HERE/coturn/turnserver.conf" >"$secrets/turnserver.conf"
fi

if [ ! -e "$secrets/redis.conf" ]; then
  cat >"$secrets/redis.conf" <<END
# Holds who runs which meeting, and for minutes what was said in it; nothing of it is needed later.
requirepass $(cat "$secrets/redis-password")
save ""
appendonly no
maxmemory 200mb
maxmemory-policy noeviction
END
fi

umask 077
if [ ! -e "$folder/.env" ]; then
  cat >"$folder/.env" <<END
# What of compose.yaml runs: cpu or gpu, and silero for Silero's voices.
COMPOSE_PROFILES=cpu
PARLEY_DOMAIN=$domain
PARLEY_ADDRESS=$address
# With the profile silero: http://silero:8000
PARLEY_SILERO_URL=
END
fi
echo "Ready: $folder/.env and $secrets"
