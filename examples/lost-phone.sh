#!/bin/sh
# A phone is lost, then the laptop with the account's key is stolen: the account goes on, and the thief keeps nothing.
#
#   sh examples/lost-phone.sh          (after `npm ci`, from the root of the clone)
#
# Alice has one account on a laptop, the main device, and a phone; Bob follows her over a hub. Whoever finds the phone
# writes in her name, until she revokes it. Then somebody steals the laptop: he adds a device of his own, takes back what
# the phone wrote, writes, erases, deletes (which raises the epoch) and takes another name. Twelve words on a new phone
# end it: all of that is gone, all of hers is back, and Bob follows along by himself. Ends with 1 and says why when
# anything differs.
set -eu
cd "$(dirname "$0")/.."

node=node_modules/.bin/node
[ -x "$node" ] || { echo "Run \`npm ci\` first."; exit 1; }
work=$(mktemp -d)
export XDG_CACHE_HOME="$work/cache" NO_COLOR=1
unset EFFIGY_HOME EFFIGY_COLOR EFFIGY_LIMIT EFFIGY_TIMEOUT EFFIGY_NETWORK_KEY

started='' # ids of the processes that are ours to end
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
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
expect() { printf '%s\n' "$1" >>"$work/expected"; }
sync() { for one in "$@"; do at "$one" sync >/dev/null; done; }
look() { who=$1; at "$1" timeline --json >"$work/seen"; }
sees() { grep -q "$1" "$work/seen" || fail "$who does not see: $1"; }
sees_not() { if grep -q "$1" "$work/seen"; then fail "$who sees: $1"; fi; }
# The rest is what somebody tries whose device is out of the account.
refused() {
  if at "$@" >/dev/null 2>"$work/refusal"; then fail "this was not refused: $*"; fi
  grep -q 'taken out of its account\|\[not-main\]' "$work/refusal" || fail "$1 was told: $(cat "$work/refusal")"
}
# What Bob knows of a device of the account: `device LABEL FIELD`.
device() { grep -o "{\"identity\":\"[^{}]*\"label\":\"$1\"[^{}]*}" "$work/account" | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"; }

# Waits until a condition holds, at most 60 s.
until_true() {
  tries=0
  until eval "$2"; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || fail "$1 did not happen within a minute"
    sleep 0.05
  done
}

new_home() {
  at "$1" init >/dev/null
  at "$1" hub add "$address" >/dev/null
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

step "A hub starts; Alice makes an account on her laptop, and writes its words on paper"
"$node" apps/hub/src/main.ts --home "$work/hub" --port 0 >"$work/hub.out" 2>"$work/hub.log" &
hub=$!
started="$started $hub"
until_true 'the start of the hub' 'grep -q "^ *Address" "$work/hub.out" 2>/dev/null || ! kill -0 "$hub" 2>/dev/null'
address=$(sed -n 's/^ *Address  *//p' "$work/hub.out")
[ -n "$address" ] || { cat "$work/hub.log" >&2; fail "the hub did not start"; }
new_home laptop &
making=$!
new_home phone
wait "$making" || fail "there is no home for the laptop"
new_home bob
at laptop synod create --name Alice --label laptop --reveal --json >"$work/created"
alice=$(field identity <"$work/created")
field phrase <"$work/created" >"$work/paper"
[ "$(wc -w <"$work/paper")" -eq 12 ] || fail 'the account has no words'
at laptop synod create --phrase-file "$work/paper" >/dev/null
if grep -q "$(cut -d ' ' -f 1-3 "$work/paper")" "$work/laptop/vault.json"; then fail 'the words are still on the laptop'; fi

step "She links her phone: a code, four pictures, yes on both"
link laptop phone phone

step "She writes on both; Bob follows her account, and sees one person"
at laptop post 'From my laptop.' --json >"$work/erased"
expect 'From my laptop.'
at laptop post 'A note that somebody else will delete.' --json >"$work/deleted"
expect 'A note that somebody else will delete.'
at phone post 'From my phone, on the train.' >/dev/null
expect 'From my phone, on the train.'
at bob follow "$alice" >/dev/null
sync phone laptop bob
look bob
[ "$(field account <"$work/seen" | sort -u | wc -l)" -eq 1 ] || fail 'Bob sees more than one person'
[ "$(field device <"$work/seen" | sort | tr '\n' ' ')" = 'laptop laptop phone ' ] || fail 'Bob does not see both devices'
[ "$(field authorName <"$work/seen" | sort -u)" = 'Alice' ] || fail 'Bob does not see the name of the account'
[ "$(at bob following --json | wc -l)" -eq 1 ] || fail 'Bob follows more than one person'

step "The phone is lost, and whoever found it writes in her name"
sleep 1
lost=$(date -u +%Y-%m-%dT%H:%M:%SZ)
sleep 1
mv "$work/phone" "$work/finder"
at finder post 'Send money to the finder.' >/dev/null
sync finder laptop bob
look bob
sees 'Send money to the finder'

step "She revokes it at what her laptop saw of it by then: the false note is gone, everywhere"
at laptop synod revoke phone --lost-at "$lost" --yes --json >"$work/revoked"
at laptop post 'My phone was stolen, but my account was not.' >/dev/null
expect 'My phone was stolen, but my account was not.'
at finder post 'Send more money to the finder.' >/dev/null
sync laptop finder bob
look laptop
sees_not 'money to the finder'
look bob
sees_not 'money to the finder'
sees 'From my phone, on the train.'
sees 'my account was not'
refused finder post 'And still more money to the finder.'

step "The laptop is stolen: the thief adds a device, takes notes back, erases, deletes, writes, takes another name"
# What Bob, a friend, holds of her now is what she can tell by where hers ends.
at bob following --json >"$work/account"
laptop_end=$(device laptop final)
laptop_id=$(device laptop identity)
phone_id=$(field revoked <"$work/revoked")
phone_end=$(sed -n 's/.*"final":\[\([0-9]*\),\([0-9]*\),"\([^"]*\)".*/\1\/\2\/\3/p' "$work/revoked")
[ -n "$laptop_end" ] && [ -n "$phone_end" ] || fail 'it is not known where the feeds end'
mv "$work/laptop" "$work/thief"
new_home gang
link thief gang 'another phone'
at thief synod revoke "$phone_id" --nothing --yes >/dev/null
at thief synod set --name Mallory >/dev/null
at thief erase --yes "$(field content <"$work/erased")" >/dev/null
at thief delete --yes "$(field content <"$work/deleted")" >/dev/null
at thief post 'Send money to the thief.' >/dev/null
at gang post 'I am Alice too, send money to the thief.' >/dev/null
sync thief gang bob
look bob
sees 'Send money to the thief'
sees 'I am Alice too'
sees '"authorName":"Mallory"'
sees_not 'From my laptop'
sees_not 'somebody else will delete'
sees_not 'From my phone'
at bob following --json >"$work/account"
case $(device laptop final) in 1/*) fail 'the thief raised no epoch' ;; esac
gang_id=$(device 'another phone' identity)
[ -n "$gang_id" ] || fail "Bob does not see the thief's device"

step "A new phone, and the words from the paper: it ends"
new_home new-phone
at new-phone synod move --phrase-file "$work/paper" --label 'new phone' --name Alice --alone --yes \
  --drop "$laptop_id=$laptop_end" --drop "$phone_id=$phone_end" --drop "$gang_id=nothing" >/dev/null
at new-phone post 'It is me again.' >/dev/null
expect 'It is me again.'
at gang post 'Still more money to the thief.' >/dev/null
sync new-phone thief gang bob
refused thief post 'The last money to the thief.'
refused gang post 'The very last money to the thief.'
refused thief synod set --name Mallory

step "Bob followed along by himself: hers is back, the thief's is nowhere"
at bob timeline --json >"$work/bob.jsonl"
at new-phone timeline --json >"$work/alice.jsonl"
printf '  '
"$node" examples/check-timelines.ts "$work/alice.jsonl" "$work/bob.jsonl" "$work/expected" || fail 'the timelines are not right'
[ "$(field account <"$work/bob.jsonl" | sort -u | wc -l)" -eq 1 ] || fail 'Bob sees more than one person'
[ "$(field authorName <"$work/bob.jsonl" | sort -u)" = 'Alice' ] || fail 'Bob sees another name'
at bob following --json >"$work/account"
[ "$(grep -o '"label":"[^"]*"' "$work/account")" = '"label":"new phone"' ] || fail 'Bob sees other devices'
kill -TERM "$hub"
wait "$hub" || fail "the hub did not stop well"
at hub search money --json >"$work/seen"
who='the hub'
sees_not money
at hub search laptop --json >"$work/seen"
sees 'From my laptop'

step "Every signature, hash and block is right"
at new-phone verify >"$work/verified" &
verifying=$!
started="$started $verifying"
at bob verify | sed 's/^/  Bob: /'
wait "$verifying" || fail "verify found something wrong: $(cat "$work/verified")"
sed 's/^/  Alice: /' "$work/verified"
echo "All is as it should be."
