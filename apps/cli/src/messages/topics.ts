/**
 * Pages of `effigy help` that belong to no command.
 *
 * @module
 */
/** Pages of `effigy help TOPIC`. */
export const topics = {
  'exit-codes': `Exit codes

  0    it worked
  1    a check found something wrong (verify, import, backup check, lease check)
  2    the command was not understood, or its input is no good
  3    a home, entry, person or file is not there
  4    the network: nobody answers, refused, or not everything came in time
  5    storage: disk full, home open elsewhere, files damaged or not writable
  6    refused: it would overwrite or destroy, or your feed's rules forbid it
  70   a mistake in this program
  130  ended by Ctrl-C

Errors end with a stable code in brackets, for example [file-exists].
`,
  json: `--json writes one object a line to standard output. Fields are only ever added.

  entries (log, timeline, thread, search, show)
    entry, content, author, authorName, account (root), device (label), length,
    comparable, sort (ms), verified,
    state (shown, missing, erased, encrypted, fault), type, payload, fault;
    show adds reactions [{label, by}]; keys inside a payload are null
  init, id            identity, home, name (init); phrase only with --reveal
  post                entry, content, length
  note                entry, content, length, conversation, readers [{identity, root}]
  conversations       conversation, kind (people, group), name, people [{identity, root, name}],
                      unread, newestAt (ms), newest (as entries, or null)
  conversation        as entries
  readkey list        giver, conversation, generation, people; key null without --reveal
  feed private, public, share, unshare, readers
                      private, pending, epoch, readers [{identity, root, reached}]
  edit                entry, content, rewritten
  delete              entries, rewritten, dryRun; epoch, head
  erase               entry, erased
  follow and the like kind, identity, value, entry, content
  following           identity, name, held, length, disputed, broken,
                      account {root, disputed}, devices [{identity, label, isNew, held,
                      length, final (EPOCH/LENGTH/CID)}]
  profile             identity, name, about, avatar, hubs, followers
  synod create        root, identity, device, home, phraseConfirmed; phrase only with --reveal
  synod show          root, identity, role, name, about, disputed, incomplete, phraseConfirmed,
                      handingTo, devices [{identity, label, main, self, held, length,
                      final}],
                      revoked [{identity, final}], frozen, moves [{from, to, final}]
  synod set           root, set
  synod pair          type "code": code, expires (ms); "emoji": emoji [{emoji, name}], label;
                      "linked": root, identity, label; "listening": addresses;
                      "request": request (join, leave), identity, label, via, granted
  synod join          type "emoji", "linked" as pair; "history": done, total
  synod handover      type "listening"; "handed-over": root, main
  synod revoke        root, revoked, final, frozen (nothing of it was here: no end is named)
  synod leave         root, left
  synod where         copies, places [{type (self, device, friend, hub), identity, label,
                      extent {type (all, last, since, part, unknown), …}, checked,
                      lease {until, checkedAt, failure} or null}]
  synod move          root, identity, moves, phraseConfirmed, devices; phrase with --new-words --reveal
  recovery split,     set, threshold, count, at, custodians [{identity, root}]
    custodians
  recovery rehearse   identity, root, outcome (holds, lacks, false, asked, away), at
  recovery held       type "held": identity, root, set, threshold, count, at, replaced;
                      "request": request, account, name, identity, words, at
  recovery approve    type "listening": addresses; "request" as held;
                      "decided": request, identity, approved
  recovery request    type "asked": identity, root, words, state; "answered": identity, root,
                      state (given, denied, false)
  recovery combine    root, wrong; phrase only with --reveal
  restore             type "found": root, identity, name, devices [{identity, label, isMain,
                      final, lastAt}]; "restored": root, identity, moves, entries
  group create, invite, role, remove, rename, leave
                      as group show
  group list, show    group, name, about, history, role (admin, member, former), waiting,
                      members [{identity, account (root), name, role, self, heir, devices, hasKey}]
  group post          group, entry, content, length
  group messages      group, entry, content, author, authorName, account, comparable, sort,
                      former, type, payload
  hub                 address, identity; join: also inviter {identity, root, name} or null
  hub quota           address, identity, feeds, askedFeeds, maxFeeds, bytes, maxBytes, fileBytes,
                      maxFileBytes, largestFile, devices, followedEntries (or null)
  report              hub, about, content, reason, text, reported
  older               identity, came, held
  forget              identity, dropped
  hops                hops, feeds
  rebuild             rebuilt
  heal                healed, epoch, length, head; or healed false and goesOn, with --giving-up
  invite create       link, token, count, until
  invite list         token, until, count, used, revoked
  invite revoke       token, revoked
  alias claim,        alias, claimed or released
    release
  alias list          alias, listed
  lease ask           holder, type (leased, refused), feed, until and blobs, or code and retryMs
  lease list, check   holder, feed, state (promised, checked, unchecked, failed, gone, ended),
                      epoch, length, head, blobs, until, bytes, checkedAt, failure
  lease end           holder, ended
  lease held          feed, owner, until, bytes
  presence            type "here": identity, circle (own, friend, list, room), isConnected, hubs;
                      "attempt": identity, hub, count, at; "warning": hub, code, count, at;
                      "hub": hub, privacy (open, community, restricted), hasRoom;
                      "choice": friends, list, room, invisible
  presence set        type "choice", as above
  lock, unlock        home, locked, changed
  recovery phrase     phraseConfirmed
  backup              file, feeds, entries, missingEntries, missingFiles, bytes, recoveryKey
  backup check        file, at, device, root, feeds, ownFeeds, follows, groups, readKeys, bytes
  backup key          ageKey, only with --reveal
  sync                type "synced", hubs, feeds, entries, newEntries, behind,
                      unverified, blobsWanted, sessions (identity, kind, upToDate, hasMine, via (type, hub, since, why))
  blob add            cid, size, removed, metadata (none, unknown), image
  blob get -o         cid, file, size
  blob pin            cid, pinned
  blob unpin          cid, pinned, here
  blob pins           cid, state (complete, partial, absent, refused), size
  collection add      cid, name, files, size, entry
  collection get      cid, folder, files, bytes
  collection list     name, cid, type, size
  export              identity, file, entries, size, missingEntries, missingFiles
  import              identity, epoch, length, added, waiting, outcome;
                      of feeds of a backup that cannot be taken: identity, code, detail, outcome "failed"
  verify              type "finding": kind, cid, identity, code;
                      last, type "verified": feeds, entries, findings
  config              key, value; origin with --show-origin

An error is one object on standard error: error {code, message}, exitCode.
`,
  environment: `Variables

  EFFIGY_HOME             home folder; -C counts above it
  EFFIGY_PASSPHRASE_FILE  a file whose first line opens a locked home;
                          --passphrase-file counts above it
  EFFIGY_COLOR            auto, always or never
  EFFIGY_LIMIT            entries that lists show
  EFFIGY_TIMEOUT          seconds that the network may take
  EFFIGY_NETWORK_KEY      32 bytes in base64url: a closed network
  NO_COLOR                any value: no colours
`,
} as const
