#!/bin/sh
# Makes the secrets of docker-compose.yml, once: what is there stays. Keep a copy of root_key apart from the database's backups; without
# it nothing in them can be read.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
chmod 700 secrets
random() { head -c 32 /dev/urandom | base64 | tr -d '\n=+/'; }
[ -f secrets/root_key ] || random > secrets/root_key
# PostgreSQL's superuser: its own container alone gets it.
[ -f secrets/postgres_password ] || random > secrets/postgres_password
# The role that reads the people, for the connector users-db.
[ -f secrets/people_password ] || random > secrets/people_password
# The server's role. A connection string without its password is of an older release.
[ -f secrets/server_password ] || { rm -f secrets/database; random > secrets/server_password; }
[ -f secrets/database ] || printf 'Host=postgres;Database=flowengine;Username=flowengine;Password=%s' "$(cat secrets/server_password)" > secrets/database
# Compose mounts the files as they are, and the containers' users are not yours: the folder keeps others out, not the files.
chmod 644 secrets/*
