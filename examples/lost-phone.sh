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
cd "$(dirname "$0")/.."
. examples/common.sh

# The rest is what somebody tries whose device is out of the account.
refused() {
  if at "$@" >/dev/null 2>"$work/refusal"; then fail "this was not refused: $*"; fi
  grep -q 'taken out of its account\|\[not-main\]' "$work/refusal" || fail "$1 was told: $(cat "$work/refusal")"
}
# What Bob knows of a device of the account: `device LABEL FIELD`.
device() { grep -o "{\"identity\":\"[^{}]*\"label\":\"$1\"[^{}]*}" "$work/account" | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"; }

step "A hub starts; Alice makes an account on her laptop, and writes its words on paper"
start_hub 0
new_home laptop &
making=$!
new_home phone
wait "$making" || fail "there is no home for the laptop"
new_home bob
new_account laptop Alice laptop
alice=$(field identity <"$work/created")
mv "$work/laptop.words" "$work/paper"
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
stop_hub
at hub search money --json >"$work/seen"
who='the hub'
sees_not money
at hub search laptop --json >"$work/seen"
sees 'From my laptop'

step "Every signature, hash and block is right"
verify_homes new-phone bob
echo "All is as it should be."
