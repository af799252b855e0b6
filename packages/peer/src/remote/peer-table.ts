/**
 * What of a peer crosses a message port, and how (spec O2): nothing else can be reached through one.
 *
 * Whoever adds a member to `Peer` names it here; what has no word does not compile.
 *
 * @module
 */
import type { AccountLink, PeerAccount } from '../account/account.ts'
import type { PeerDrops } from '../drops/drops.ts'
import type { PeerGroups } from '../groups/groups.ts'
import type { PeerJoining } from '../joining/joining.ts'
import type { PeerNotices } from '../notices/notices.ts'
import type { Connection, Peer } from '../peer.ts'
import type { PeerPeople } from '../people/people.ts'
import type { PeerConversations } from '../private/peer-conversations.ts'
import type { PeerRecovery } from '../recovery/recovery.ts'
import type { CrossingTable } from './crossing.ts'

export const connectionTable = {
  address: 'constant',
  state: 'value',
  ready: 'again',
  retry: 'once',
} as const satisfies CrossingTable<Connection>

const linkTable = {
  text: 'constant',
  state: 'value',
  states: 'stream',
  decide: 'once',
  cancel: 'once',
  outcome: 'value',
} as const satisfies CrossingTable<AccountLink>

const query = {
  item: 'read',
  resolve: 'read',
  feedItems: 'read',
  timeline: 'read',
  countAbove: 'read',
  gaps: 'read',
  thread: 'read',
  reactions: 'read',
  tally: 'read',
  labelsBy: 'read',
  mentions: 'read',
  byType: 'read',
  byTag: 'read',
  profile: 'read',
  relations: 'read',
  lastSaid: 'read',
  relates: 'read',
  // Sets: live answers are told apart as JSON, which has none.
  persons: 'again',
  follows: 'read',
  followers: 'read',
  deviceValue: 'read',
  deviceSaid: 'read',
  deviceValues: 'read',
  search: 'read',
  indexSearch: 'again',
  rebuildViews: 'again',
} as const satisfies CrossingTable<Peer['query']>

const account = {
  show: 'read',
  views: 'stream',
  create: 'once',
  showLink: { handle: linkTable, call: 'once' },
  readLink: { handle: linkTable, call: 'once' },
  history: 'stream',
  phrase: 'again',
  phraseQuestion: 'once',
  confirmPhrase: 'once',
  set: 'once',
  requests: 'stream',
  grant: 'once',
  deny: 'once',
  finalFor: 'again',
  revoke: 'once',
  leave: 'once',
  handOver: 'once',
  renew: 'absent',
  move: 'once',
  given: 'again',
  changes: 'stream',
  of: 'read',
} as const satisfies CrossingTable<PeerAccount>

const conversations = {
  write: 'once',
  answer: 'once',
  nameOf: 'read',
  openGroups: 'read',
  opened: 'again',
  list: 'read',
  show: 'read',
  messages: 'read',
  readers: 'read',
  of: 'read',
  markRead: 'once',
  readKeys: 'again',
  requests: 'read',
  accept: 'once',
  ignore: 'once',
  ignored: 'read',
  hear: 'once',
  whoMayWrite: 'read',
  setWhoMayWrite: 'once',
  counts: 'read',
} as const satisfies CrossingTable<PeerConversations>

const notices = {
  list: 'read',
  unread: 'read',
  markRead: 'once',
  words: 'read',
  muteWord: 'once',
  isThreadMuted: 'read',
  muteThread: 'once',
} as const satisfies CrossingTable<PeerNotices>

const groups = {
  create: 'once',
  set: 'once',
  invite: 'once',
  role: 'once',
  remove: 'once',
  leave: 'once',
  post: 'once',
  settled: 'again',
  list: 'read',
  show: 'read',
  readers: 'read',
  counts: 'read',
  messages: 'read',
} as const satisfies CrossingTable<PeerGroups>

const drops = {
  send: 'once',
  // A function of the page cannot hold a drop back: pages act on `list('waiting')` after `counts`, then `remove`.
  handle: 'absent',
  list: 'again',
  accept: 'once',
  remove: 'once',
  counts: 'stream',
  settled: 'again',
} as const satisfies CrossingTable<PeerDrops>

const people = {
  name: 'read',
  show: 'read',
  list: 'read',
  setPetname: 'once',
  looked: 'once',
  safety: 'read',
  scan: 'once',
  setVerified: 'once',
  cost: 'again',
  visit: 'stream',
  common: 'read',
  storage: 'again',
  olderFiles: 'again',
  letGoOlder: 'again',
  wantOlder: 'again',
  freeUnheld: 'again',
} as const satisfies CrossingTable<PeerPeople>

const recovery = {
  views: 'stream',
  show: 'read',
  split: 'once',
  rehearse: 'once',
  approve: 'once',
  lookUp: 'again',
  deny: 'once',
  release: 'once',
  ask: 'once',
  combine: 'again',
  forget: 'once',
  find: 'again',
} as const satisfies CrossingTable<PeerRecovery>

const joining = {
  join: 'once',
  greet: 'once',
  invite: 'once',
  invites: 'again',
  revoke: 'once',
  claimAlias: 'once',
  releaseAlias: 'once',
  aliases: 'again',
  resolveAlias: 'again',
  findAccount: 'again',
  // Of a hub's own key.
  ownInvite: 'absent',
  isSigned: 'again',
  signAlias: 'absent',
} as const satisfies CrossingTable<PeerJoining>

/** The only list of what can be asked of a peer through a port. */
export const peerTable = {
  identity: 'constant',
  query,
  // The store is what the one worker alone touches: its queries are `query`.
  store: 'absent',
  turn: { iceServers: 'again' },
  direct: {
    isAble: 'value',
    hidesAddress: 'value',
    setHidesAddress: 'again',
    seek: 'again',
    leave: 'again',
    retry: 'once',
    now: 'read',
    watch: 'stream',
    stats: 'again',
  },

  publish: 'once',
  edit: 'once',
  remove: 'once',
  erase: 'once',
  relate: 'once',
  label: 'once',
  writeAnyway: 'once',
  dispute: 'read',
  heal: 'once',

  state: { value: 'read', values: 'read', set: 'once' },
  notices,
  inspecting: { feeds: 'read', feed: 'read', chain: 'read', entry: 'again', check: 'again', wire: 'stream' },
  reading: { marker: 'read', unread: 'read', markRead: 'again' },
  conversations,
  people,
  account,
  groups,
  backup: 'bytes',
  takeBackup: 'once',
  whereabouts: 'read',
  recovery,
  privateFeed: {
    status: 'read',
    makePrivate: 'once',
    makePublic: 'once',
    share: 'once',
    withdraw: 'once',
    settled: 'again',
  },
  drops,
  presence: { choice: 'value', choose: 'once', now: 'read', watch: 'stream', settled: 'again' },
  signals: { send: 'once', messages: 'stream' },
  leases: {
    ask: 'once',
    end: 'once',
    tend: 'again',
    holders: 'read',
    size: 'again',
    list: 'read',
    changes: 'stream',
    copies: 'read',
    held: 'read',
  },
  kept: { endLease: 'once', clearDrops: 'once' },
  joining,
  moderation: { report: 'once', takenDown: 'again' },

  addFile: 'once',
  readFile: 'bytes',
  fetchBlob: 'again',
  browse: 'again',
  fetchPath: 'again',
  pin: 'again',
  unpin: 'again',
  pins: 'read',
  addDirectory: 'once',
  listDirectory: 'read',

  saving: 'value',
  setSaving: 'again',
  surroundings: { tell: 'again', show: 'read', catchUp: 'again' },

  watch: 'again',
  unwatch: 'again',
  hops: 'read',
  setHops: 'again',
  fetchOlder: 'once',
  forget: 'once',
  // By the name of a query, see `RemotePeer`: a function does not cross.
  live: 'absent',

  connect: { handle: connectionTable, call: 'again' },
  // A link is opened by the worker alone.
  accept: 'absent',
  disconnect: 'once',
  turnAway: 'again',
  traffic: 'read',
  grant: 'once',
  balance: 'read',

  // What serves others has to be there for as long as the peer is: a part of the worker's program.
  serve: 'absent',
  call: 'once',

  delivery: 'read',
  status: 'read',
  statuses: 'stream',
  settled: 'again',
} as const satisfies CrossingTable<Peer>
