#!/bin/sh
# Two friends, one hub: everything that the first floor promises, on this machine, in a minute.
#
#   sh examples/two-friends.sh          (after `npm ci`, from the root of the clone)
#
# Two homes follow each other over one hub; notes, a picture, an answer, an edit, a deletion, an erasure, 5,000
# notes; processes killed with -9 while they write and while they fetch; the hub restarted in between. At the end
# both see the same, and it is what they should see. Ends with 1 and says why when anything differs.
cd "$(dirname "$0")/.."
. examples/common.sh

alice() { at alice "$@"; }
bob() { at bob "$@"; }
size() { cat "$1"/store/* 2>/dev/null | wc -c; }

# Kills `bob sync` with -9 as soon as his store has grown.
kill_bobs_sync() {
  enough=$(($(size "$work/bob") + $1))
  "$node" apps/cli/src/main.ts -q -C "$work/bob" sync >/dev/null 2>&1 &
  victim=$!
  started="$started $victim"
  until_true 'the arrival of entries' '[ "$(size "$work/bob")" -gt "$enough" ] || ! kill -0 "$victim" 2>/dev/null'
  if kill -9 "$victim" 2>/dev/null; then how='killed in the middle'; else how='was done before the kill'; fi
  wait "$victim" 2>/dev/null || true
  held=$(bob following --json | field held)
  echo "  $how: $held of Alice's entries are there and readable"
}

step "Alice and Bob each make a home; a hub starts"
alice init --name Alice >/dev/null
bob init --name Bob >/dev/null
start_hub 0
alice_id=$(alice id)
bob_id=$(bob id)
port=$(printf '%s' "$address" | sed 's|^ws://[^/]*:\([0-9]*\)/.*|\1|')

step "Both add the hub and follow each other"
alice hub add "$address" >/dev/null
bob hub add "$address" >/dev/null
alice follow "$bob_id" >/dev/null
bob follow "$alice_id" >/dev/null

step "Alice posts a note, and a picture that tells where it was taken"
first=$(alice post --json 'Hello Bob, this is Alice.' | field content)
expect 'Hello Bob, this is Alice.'
"$node" examples/picture-with-gps.ts "$work/stripes.jpg"
"$node" examples/inspect-picture.ts "$work/stripes.jpg" | grep -q location || fail 'the picture has no GPS position to begin with'
picture=$(alice post --json 'Where I am today.' --image "$work/stripes.jpg" --alt 'grey stripes' | field content)
expect 'Where I am today.'
alice sync >/dev/null

step "Bob syncs: the picture is there, the GPS position is not"
bob sync >/dev/null
blob=$(bob show --json "$picture" | field blob)
[ -n "$blob" ] || fail 'the picture is not in what Bob received'
bob blob get "$blob" -o "$work/received.jpg" >/dev/null
seen=$("$node" examples/inspect-picture.ts "$work/received.jpg")
[ "$seen" = 'jpeg 64x48: nothing else' ] || fail "Bob received: $seen"

step "Bob answers; Alice sees it in the thread"
bob post 'Hello Alice! Nice stripes.' --reply "$picture" >/dev/null
expect 'Hello Alice! Nice stripes.'
bob sync >/dev/null
alice sync >/dev/null
alice thread --json "$picture" | grep -q 'Nice stripes' || fail "Alice does not see Bob's answer"

step "Alice edits one note, deletes another, erases a third"
typo=$(alice post --json 'I can not spel.' | field content)
alice edit "$typo" 'I can spell.' >/dev/null
expect 'I can spell.'
regret=$(alice post --json 'This I will delete.' | field content)
secret=$(alice post --json 'This I will erase.' | field content)
alice sync >/dev/null
bob sync >/dev/null
bob timeline --json | grep -q 'This I will erase' || fail 'Bob never saw the note that is about to be erased'
alice delete --dry-run "$regret" >/dev/null
alice delete --yes "$regret" >/dev/null
alice erase --yes "$secret" >/dev/null
alice sync >/dev/null
bob sync >/dev/null
if bob timeline --json | grep -q 'This I will'; then fail 'Bob still sees what was deleted or erased'; fi
bob show --json "$first" | grep -q 'Hello Bob' || fail 'Bob lost a note that was not touched'

step "Alice posts 5,000 notes"
awk 'BEGIN { for (n = 1; n <= 5000; n++) printf "note %d of five thousand\n", n }' >"$work/notes"
alice post --each-line --json <"$work/notes" >"$work/acknowledged"
[ "$(wc -l <"$work/acknowledged")" -eq 5000 ] || fail 'not every note was acknowledged'
cat "$work/notes" >>"$work/expected"
alice sync >/dev/null

step "Bob's sync is killed with -9 in the middle, and again after it"
kill_bobs_sync 100000
step "The hub restarts in between"
stop_hub
start_hub "$port"
kill_bobs_sync 400000
bob sync >/dev/null
step "Bob's sync is killed once more when there is nothing left to fetch"
kill_bobs_sync 0

step "Alice is killed with -9 while she posts"
awk 'BEGIN { for (n = 1; n <= 3000; n++) printf "interrupted note %d\n", n }' >"$work/interrupted"
: >"$work/killed"
"$node" apps/cli/src/main.ts -q -C "$work/alice" post --each-line --json <"$work/interrupted" >"$work/killed" 2>/dev/null &
victim=$!
started="$started $victim"
until_true 'the first acknowledged note' '[ "$(wc -l <"$work/killed")" -ge 300 ] || ! kill -0 "$victim" 2>/dev/null'
kill -9 "$victim" 2>/dev/null || fail 'Alice was done before she could be killed'
wait "$victim" 2>/dev/null || true
grep '}$' "$work/killed" | field entry | sort >"$work/promised"
alice log --json --limit 100000 >"$work/log"
field entry <"$work/log" | sort >"$work/kept"
lost=$(comm -23 "$work/promised" "$work/kept" | wc -l)
[ "$lost" -eq 0 ] || fail "$lost acknowledged notes are gone"
grep -c 'interrupted note' "$work/log" >"$work/survived"
head -n "$(cat "$work/survived")" "$work/interrupted" >>"$work/expected"
echo "  $(wc -l <"$work/promised") were acknowledged, $(cat "$work/survived") are there, none is lost"

step "She goes on posting: one chain, no fork"
alice post 'Still here.' >/dev/null
expect 'Still here.'
alice sync >/dev/null
bob sync >/dev/null
bob following --json | grep -q '"disputed":null,"broken":null' || fail "Bob sees a fork in Alice's feed"
bob post 'All is well.' >/dev/null
expect 'All is well.'
bob sync >/dev/null
alice sync >/dev/null

step "Both see the same, and it is what they should see"
alice timeline --json --comments --limit 100000 >"$work/alice.jsonl"
bob timeline --json --comments --limit 100000 >"$work/bob.jsonl"
printf '  '
"$node" examples/check-timelines.ts "$work/alice.jsonl" "$work/bob.jsonl" "$work/expected" || fail 'the timelines are not right'

step "Every signature, hash and block of both homes is right"
verify_homes alice bob
stop_hub
echo "All is as it should be."
