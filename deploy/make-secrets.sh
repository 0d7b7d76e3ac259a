#!/bin/sh
# Makes the secrets of docker-compose.yml, once: what is there stays. Keep a copy of root_key apart from the database's backups; without it nothing in them can be read.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { head -c 32 /dev/urandom | base64 | tr -d '\n=+/'; }
[ -f secrets/postgres_password ] || random > secrets/postgres_password
[ -f secrets/root_key ] || random > secrets/root_key
[ -f secrets/database ] || printf 'Host=postgres;Database=flowengine;Username=flowengine;Password=%s' "$(cat secrets/postgres_password)" > secrets/database
# Compose mounts the files as they are, and the containers' users are not yours: the folder keeps others out, not the files.
chmod 644 secrets/*
