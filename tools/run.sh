#!/bin/sh
# Every npm script starts here, so that each works from a clean clone: it brings node_modules
# to what package-lock.json says, then runs the TypeScript file given.
set -eu
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null 2>&1; then
	echo "lqpt: Node.js 20.19 or newer is needed and none is on PATH" >&2
	exit 1
fi

# The lock file that the last complete installation was made from.
stamp=node_modules/.lqpt-lock.json
if ! cmp -s package-lock.json "$stamp"; then
	echo "lqpt: installing the packages of package-lock.json (npm ci; about 20 s)" >&2
	npm ci --no-progress --loglevel=error >&2
	cp package-lock.json "$stamp"
fi

exec node --import tsx "$@"
