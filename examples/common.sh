# What the examples share: read by `. examples/common.sh`, from the root of the clone.
#
# Homes stand in $work, which is removed at the end; only processes that a script started itself are ended. Whatever
# fails ends the script with 1 and says why.
set -eu

node=node_modules/.bin/node
[ -x "$node" ] || { echo "Run \`npm ci\` first."; exit 1; }
work=$(mktemp -d)
export XDG_CACHE_HOME="$work/cache" NO_COLOR=1
unset EFFIGY_HOME EFFIGY_COLOR EFFIGY_LIMIT EFFIGY_TIMEOUT EFFIGY_NETWORK_KEY EFFIGY_PASSPHRASE_FILE

started='' # ids of the processes that are ours to end
hub=''
finish() {
  status=$?
  for process in $started; do kill -9 "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
  [ "$status" -eq 0 ] || echo "FAILED"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

step() { echo "· $*"; }
fail() { echo "  $*" >&2; exit 1; }
# The first word is whose home it is.
at() { home=$1; shift; "$node" apps/cli/src/main.ts -q -C "$work/$home" "$@"; }
# The value of a field of JSON lines: the last one of that name in each line.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
expect() { printf '%s\n' "$1" >>"$work/expected"; }
sync() { for one in "$@"; do at "$one" sync >/dev/null; done; }
look() { who=$1; at "$1" timeline --json >"$work/seen"; }
sees() { grep -q "$1" "$work/seen" || fail "$who does not see: $1"; }
sees_not() { if grep -q "$1" "$work/seen"; then fail "$who sees: $1"; fi; }

# Waits until a condition holds, at most 60 s.
until_true() {
  tries=0
  until eval "$2"; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || fail "$1 did not happen within a minute"
    sleep 0.05
  done
}

# On the port $1 (0: any that is free); sets $hub and $address.
start_hub() {
  : >"$work/hub.out"
  "$node" apps/hub/src/main.ts --home "$work/hub" --port "$1" >"$work/hub.out" 2>>"$work/hub.log" &
  hub=$!
  started="$started $hub"
  until_true 'the start of the hub' 'grep -q "^ *Address" "$work/hub.out" || ! kill -0 "$hub" 2>/dev/null'
  address=$(sed -n 's/^ *Address  *//p' "$work/hub.out")
  [ -n "$address" ] || { cat "$work/hub.out" "$work/hub.log" >&2; fail "the hub did not start"; }
}

stop_hub() {
  kill -TERM "$hub"
  wait "$hub" || fail "the hub did not stop well"
}

new_home() {
  at "$1" init >/dev/null
  at "$1" hub add "$address" >/dev/null
}

# Makes an account of the home $1 for $2, its device called $3; its words go to the file $work/$1.words.
new_account() {
  at "$1" synod create --name "$2" --label "$3" --reveal --json >"$work/created"
  field phrase <"$work/created" >"$work/$1.words"
  [ "$(wc -w <"$work/$1.words")" -eq 12 ] || fail 'the account has no words'
}

# Links the home $2 to the account of $1 as $3. A person would compare the four pictures and say yes on both devices.
link() {
  : >"$work/code"
  at "$1" synod pair --yes --json --listen 127.0.0.1:0 >"$work/code" 2>"$work/pair.log" &
  pairing=$!
  started="$started $pairing"
  until_true 'the code' 'grep -q "\"code\":\"effigy" "$work/code" || ! kill -0 "$pairing" 2>/dev/null'
  code=$(grep '"type":"code"' "$work/code" | sed -n 's/.*"code":"\(effigy[^"]*\)".*/\1/p')
  [ -n "$code" ] || { cat "$work/pair.log" >&2; fail "$1 showed no code"; }
  at "$2" synod join "$code" --yes --label "$3" >/dev/null || fail "$2 could not be linked"
  wait "$pairing" || fail "$1 could not link $2"
}

# Every signature, hash and block of the homes is right.
verify_homes() {
  for one in "$@"; do
    at "$one" verify >"$work/verified" || fail "verify found something wrong: $(cat "$work/verified")"
    sed "s/^/  $one: /" "$work/verified"
  done
}
