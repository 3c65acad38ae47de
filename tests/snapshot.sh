#!/usr/bin/env bash
# Usage: tests/snapshot.sh TARGET [PAGE|RECORDS.jsonl …]
#
# Build everything that a refactoring must not change and list the SHA-256 of each file in TARGET/*.sha256.
# Run it before and after a change and compare the lists with diff. Both runs need the same interpreter and
# libraries. Each site is built twice: with an empty cache, then with a full one. A PAGE or a file of RECORDS
# is ingested into an archive of its own, twice, and that archive is built too.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p "$1"
target=$(cd "$1" && pwd)
shift

list() { (cd "$1" && find . -type f ! -name .lock | LC_ALL=C sort | xargs -d '\n' sha256sum) >"$target/$2.sha256"; }

# site NAME CONTENT CONF [SITEURL]
site() {
  for cache in cold warm; do
    rm -rf "$target/$1-site"
    make -s html CONTENT="$2" CONF="$3" SITEURL="${4-}" OUTPUT="$target/$1-site" CACHE="$target/$1-cache" \
      >"$target/$1-$cache.log" 2>&1 || { cat "$target/$1-$cache.log"; exit 1; }
    list "$target/$1-site" "$1-$cache"
  done
}

# archive NAME MAKE-VARIABLE=INPUT …
archive() {
  name=$1
  shift
  mkdir -p "$target/$name"
  for turn in first second; do
    make -s ingest CONTENT="$target/$name/content" CONF="$target/conf.py" "$@" >"$target/$name-$turn.log" 2>&1 || true
    list "$target/$name" "$name-$turn"
  done
  site "$name" "$target/$name/content" "$target/conf.py"
}

printf 'SITENAME = "Snapshot"\nFIRST_DAY = "2022-02-23"\nTIMEZONE = "UTC"\nPLACES = {"Kyiv": "Europe/Kyiv"}\n' >"$target/conf.py"
cp -R content "$target/sample"
site sample "$target/sample" pelican.conf.py
site absolute "$target/sample" pelican.conf.py https://example.org/archive
cp -R tests/fixtures/golden/content "$target/golden"
site golden "$target/golden" tests/fixtures/golden/flood.conf.py
make -s release CONTENT="$target/sample" OUTPUT="$target/sample-site" CACHE="$target/sample-cache" >"$target/release.log" 2>&1
list "$target/release" release
archive pages PAGES=tests/fixtures/pages
for input; do
  name=$(basename "$input" | tr . _)
  case $input in *.jsonl) archive "$name" RECORDS="$input" ;; *) archive "$name" PAGES="$input" DATE=2023-06-02 ;; esac
done
