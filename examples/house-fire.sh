#!/bin/sh
# The house burns down with every device in it: twelve words, or two of three friends, bring everything back.
#
#   sh examples/house-fire.sh          (after `npm ci`, from the root of the clone)
#
# Alice has one account on a laptop and a phone. Three friends hold parts of her words, any two of which give them back.
# Then all of her devices are gone. With the words, a hub and a friend she is back on a new device: notes, the
# group, letters, the people whom she follows, what she kept to herself. That device burns too, and the words with it: two friends compare six words
# with her by telephone, and she is back again. Nothing forks, and her friends follow along by themselves. Ends with 1
# and says why when anything differs.
cd "$(dirname "$0")/.."
. examples/common.sh

# Who listens for one who comes, until it is ended: `listens HOME WORDS`. Its address goes to $work/HOME.address.
listens() {
  listening=$work/$1.listening
  : >"$listening"
  "$node" apps/cli/src/main.ts -q -C "$work/$1" recovery approve --words "$2" --listen 127.0.0.1:0 --json \
    >"$listening" 2>"$work/$1.log" &
  eval "$1_process=$!"
  started="$started $!"
  listener=$!
  until_true "the listening of $1" 'grep -q "\"addresses\":\[\"ws" "$listening" || ! kill -0 "$listener" 2>/dev/null'
  sed -n 's/.*"addresses":\["\([^"]*\)".*/\1/p' "$listening" >"$work/$1.address"
  [ -s "$work/$1.address" ] || { cat "$work/$1.log" >&2; fail "$1 does not listen"; }
}
# What she wrote to some, and they to her, can be read.
reads_private() {
  at "$1" conversations >"$work/seen"
  at "$1" group messages Garden --json >>"$work/seen"
  who=$1
  sees 'And this from me.'
  sees 'Tomatoes at noon.'
}
# The six words that the new device shows for a custodian.
six_words() { grep '"type":"asked"' "$work/asked" | grep "\"identity\":\"$1\"" | sed -n 's/.*"words":"\([^"]*\)".*/\1/p'; }

step "A hub starts; Alice and three friends make accounts, and follow each other"
start_hub 0
for home in laptop bob carol dave; do new_home "$home"; done
new_account laptop Alice laptop
alice=$(field identity <"$work/created")
root=$(field root <"$work/created")
for friend in bob carol dave; do
  new_account "$friend" "$friend" "$friend's phone"
  eval "$friend=$(field identity <"$work/created")"
  at "$friend" follow "$alice" >/dev/null
done
at laptop follow "$bob" "$carol" "$dave" >/dev/null
sync laptop bob carol dave laptop

step "She writes to Bob alone, and in a group"
at laptop note 'Dear Bob, this is between us.' --to "$bob" >/dev/null
at laptop group create Garden --invite "$carol" >/dev/null
at laptop group post Garden 'Tomatoes at noon.' >/dev/null
sync laptop bob
at bob note 'And this from me.' --to "$alice" >/dev/null

step "She links a phone, writes on both, and mutes somebody: that is nobody's business"
new_home phone
link laptop phone phone
at laptop post 'From my laptop.' >/dev/null
expect 'From my laptop.'
at phone post 'From my phone.' >/dev/null
expect 'From my phone.'
at phone mute "$dave" >/dev/null
sync phone

step "Her words are split among the three; any two of them are enough"
at laptop recovery split "$bob" "$carol" "$dave" --threshold 2 --yes >/dev/null
at laptop synod create --phrase-file "$work/laptop.words" >/dev/null
at laptop recovery rehearse >/dev/null
sync bob carol dave
[ "$(at laptop recovery rehearse --json | grep -c '"outcome":"holds"')" -eq 3 ] || fail 'not all custodians could show that they have their part'

step "The house burns down"
rm -rf "$work/laptop" "$work/phone"

step "A new device and the words from the paper: the hub and Bob have the rest"
new_home new
listens bob 'nobody asks for these six words'
at new restore --phrase-file "$work/laptop.words" --friend "$(cat "$work/bob.address")" --label 'new laptop' --yes --json >"$work/restored"
kill -TERM "$bob_process"
wait "$bob_process" || true
[ "$(grep '"type":"found"' "$work/restored" | grep -o '"label":"[^"]*"' | tr '\n' ' ')" = '"label":"laptop" "label":"phone" ' ] || fail 'it was not said which devices are lost'
grep -q "\"type\":\"restored\",\"root\":\"$root\"" "$work/restored" || fail 'another account came back'
at new post 'It is me. The house is gone, I am not.' >/dev/null
expect 'It is me. The house is gone, I am not.'
sync new
at new following --muted --json | grep -q "$dave" || fail 'what she kept to herself is not readable'
reads_private new
[ "$(at new following --json | wc -l)" -eq 3 ] || fail 'she follows other people now'
at new recovery custodians --json | grep -q '"threshold":2,"count":3' || fail 'she does not know who holds parts of her words'

step "That one burns too, and the paper with it: she asks her friends, and reads them six words by telephone"
rm -rf "$work/new" "$work/laptop.words"
new_home newer
at newer recovery request "$carol" "$dave" --name 'Alice, your friend' --account "$alice" --timeout 8 --json >"$work/asked" 2>/dev/null || true
[ "$(six_words "$carol" | wc -w)" -eq 6 ] && [ "$(six_words "$dave" | wc -w)" -eq 6 ] || fail 'she was shown no words'
# None of them is online when another one is: what they ask and answer lies in drop boxes of the hub.
at carol recovery approve --words "$(six_words "$carol")" >/dev/null || fail 'Carol did not approve'
at dave recovery approve --words "$(six_words "$dave")" >/dev/null || fail 'Dave did not approve'
at newer recovery request "$carol" "$dave" --name 'Alice, your friend' --account "$alice" --json >"$work/answered"
[ "$(grep -c '"type":"answered".*"state":"given"' "$work/answered")" -eq 2 ] || fail 'her friends gave nothing'

step "Two of three parts are enough"
at newer restore --shares --label 'newer laptop' --yes --json >"$work/restored"
grep -q "\"type\":\"restored\",\"root\":\"$root\",.*\"moves\":2" "$work/restored" || fail 'another account came back'
if at newer recovery combine >/dev/null 2>&1; then fail 'the parts are still here'; fi
at newer post 'And again.' >/dev/null
expect 'And again.'
sync newer bob
reads_private newer
at newer following --muted --json | grep -q "$dave" || fail 'what she kept to herself is not readable'

step "Her friends followed along: one account, everything of it, no fork"
at newer timeline --json >"$work/alice.jsonl"
at bob timeline --json >"$work/bob.jsonl"
printf '  '
"$node" examples/check-timelines.ts "$work/alice.jsonl" "$work/bob.jsonl" "$work/expected" || fail 'the timelines are not right'
[ "$(field account <"$work/bob.jsonl" | sort -u | wc -l)" -eq 1 ] || fail 'Bob sees more than one person'
at bob following --json >"$work/following"
[ "$(grep -c "$root" "$work/following")" -eq 1 ] || fail 'Bob follows another one'
[ "$(grep -o '"disputed":[^,}]*\|"broken":[^,}]*' "$work/following" | sort -u | tr '\n' ' ')" = '"broken":null "disputed":false "disputed":null ' ] || fail 'Bob sees a fork'
verify_homes newer bob
stop_hub
echo "All is as it should be."
