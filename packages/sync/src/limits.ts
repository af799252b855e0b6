/**
 * Every bound of frames and sessions (T16), with its unit and its reason.
 *
 * The first group is the protocol: both sides must agree, so nobody may change it.
 * `SessionLimits` is each peer's own; a hub may be stricter or more generous.
 *
 * @module
 */

/** M1. A whole `sessionauth` with a head record has about 1,000 bytes. */
export const maxHandshakeFrameBytes: number = 4 * 1024

/** M1. Room for the longest list of sizes; parsing that much JSON takes about a millisecond. */
export const maxHeaderBytes: number = 64 * 1024

/** M1, before sealing. A batch of 896 KiB and its header fit. */
export const maxFrameBytes: number = 1024 * 1024

/** M1. A frame that travels sealed inside a frame of a relay. */
export const maxRelayedFrameBytes: number = 960 * 1024

/** V62. Payload of one message that a hub hands on: an offer with its candidates has some 4 KiB. */
export const maxSignalBytes: number = 16 * 1024

/** A7: the Poly1305 tag. */
export const sealBytes = 16

/** V72. Bytes of a circuit that a reader has read and not told of. */
export const relayUntoldBytes: number = 64 * 1024

/** V72. Bytes of one circuit and direction that may be under way and not told to be read: a frame of the full length always fits. */
export const relayWindowBytes: number = maxRelayedFrameBytes + sealBytes + relayUntoldBytes

/** The longest message that a link has to carry. */
export const maxLinkMessageBytes: number = maxFrameBytes + sealBytes

/** M5. Identities, CIDs or head records in one message: 141 KB of heads at most. */
export const maxListedIds = 1000

/** A7. Frames in one direction under one key, far below what the cipher allows. */
export const maxFramesPerKey: number = 2 ** 32

/** A7, ms. One day: a key that leaks opens no more than that. */
export const maxSessionMs: number = 24 * 60 * 60 * 1000

/** Bytes that wait to leave in all sessions of one peer: what people who do not read can make it hold. */
export const maxOutboundBytes: number = 64 * 1024 * 1024

/** V8. Names in one `provides`. */
export const maxServices = 32

export interface ServiceLimits {
  /** Services of one session that were handed a token; each costs some hundred bytes. */
  readonly tokens: number

  /** Calls and requests for tokens a second on average; one more is answered `too-fast` with the time to wait. */
  readonly callsPerSecond: number

  /** Calls that may come at once before that average counts. */
  readonly callBurst: number

  /** Calls of one session under way; one more is answered `busy`. */
  readonly pendingCalls: number

  /** Bytes of a call's value as JSON: a header has 64 KiB, and other fields. */
  readonly valueBytes: number

  /** Bytes of a call's byte part: one block. */
  readonly callBytes: number
}

export const defaultServiceLimits: ServiceLimits = {
  tokens: 32,
  callsPerSecond: 50,
  callBurst: 100,
  pendingCalls: 64,
  valueBytes: 32 * 1024,
  callBytes: 256 * 1024,
}

/** V11. Sealed bytes of one drop: several box keys, the padding and some 48 KiB of text. */
export const maxSealedDropBytes: number = 64 * 1024

/** V26, ms. So long a receiver remembers what it opened; older ones it shows by hand only. */
export const dropMemoryMs: number = 30 * 24 * 60 * 60 * 1000

/** V26, ms. How far a sender's clock may be ahead. */
export const maxDropAheadMs: number = 24 * 60 * 60 * 1000

export interface DropLimits {
  /** Of one sealed drop. */
  readonly dropBytes: number

  /** Drops a minute on average from one sender, whomever they are for. */
  readonly perMinute: number

  /** Drops that may come at once before that average counts. */
  readonly burst: number

  /** Drops a second on average of all senders whom their receivers did not name: each costs a sync of the disk. */
  readonly strangersPerSecond: number

  /** Of those that may come at once before that average counts. */
  readonly strangerBurst: number

  /** Senders whose pace is remembered; more would only cost memory. */
  readonly senders: number

  /** Kept for one receiver of those whom it did not name. */
  readonly strangers: { readonly items: number; readonly bytes: number }

  /** Kept for one receiver of those whom it named. */
  readonly friends: { readonly items: number; readonly bytes: number }

  /** Bytes of all drops of a box; those of strangers take half of it at most. */
  readonly totalBytes: number

  /** Offered to a device at once; more after it has acknowledged some. */
  readonly offered: number

  /** Names in a receiver's list: what one call carries. */
  readonly listedFriends: number

  /** Times that a device may ask for its offers, a minute on average and at once: each reads all that waits for it. */
  readonly listensPerMinute: number

  /** Lists that an account may send a minute: each writes thousands of rows. */
  readonly listsPerMinute: number

  /** Names in the lists of all receivers: each is a row of some 90 bytes. */
  readonly listedTotal: number

  /** Names that a list may have however many the others have: strangers with long lists keep nobody from a first one. */
  readonly listedAlways: number

  /** Names a second on average in lists that come from anybody: whoever makes identities has as many accounts. */
  readonly listedPerSecond: number

  /** Of those that may come at once before that average counts. */
  readonly listedBurst: number

  /** Receivers whose list is looked at in one go, whether they have a box still: some 10 ms. */
  readonly listsAtOnce: number

  /** Drops that are cleared away at once when they are due: some 100 ms of disk, then others have their turn. */
  readonly expiredAtOnce: number

  /** Ms that a drop is kept, by its size in bytes, ascending. */
  readonly keptMs: readonly { readonly bytes: number; readonly ms: number }[]
}

const dayMs: number = 24 * 60 * 60 * 1000

export const defaultDropLimits: DropLimits = {
  dropBytes: maxSealedDropBytes,
  perMinute: 60,
  burst: 10,
  strangersPerSecond: 50,
  strangerBurst: 1_000,
  senders: 10_000,
  strangers: { items: 500, bytes: 5 * 1024 * 1024 },
  friends: { items: 5_000, bytes: 64 * 1024 * 1024 },
  totalBytes: 4 * 1024 * 1024 * 1024,
  offered: 1_000,
  listedFriends: 8_192,
  listensPerMinute: 12,
  listsPerMinute: 6,
  listedTotal: 1_048_576,
  listedAlways: 1_024,
  listedPerSecond: 8_192,
  listedBurst: 131_072,
  listsAtOnce: 256,
  expiredAtOnce: 256,
  keptMs: [
    { bytes: 4 * 1024, ms: 14 * dayMs },
    { bytes: 16 * 1024, ms: 10 * dayMs },
    { bytes: 64 * 1024, ms: 7 * dayMs },
  ],
}

/** V34, ms. A holder that passed a spot check within so long is a copy. */
export const leaseCopyMs: number = 30 * dayMs

export interface LeaseLimits {
  /** Leases of one owner: the devices of an account, and some. */
  readonly leasesPerOwner: number

  /** Requests and spot checks of one owner a minute on average, and so many at once as leases: one reads a row of every entry that it covers, and counts once more for each 10,000 of them. */
  readonly asksPerMinute: number

  /** Bytes reserved for one owner. */
  readonly bytesPerOwner: number

  /** Bytes reserved for all. */
  readonly totalBytes: number

  /** Ms; longer ones are cut to it, and renewed. */
  readonly longestMs: number

  /** Of one file; leases over larger ones are cut to it. */
  readonly blobBytes: number

  /** Ms after which to ask again where what is to be leased has not arrived. */
  readonly notHeldRetryMs: number

  /** Ms after which to ask again where everything is promised. */
  readonly fullRetryMs: number
}

export const defaultLeaseLimits: LeaseLimits = {
  leasesPerOwner: 64,
  asksPerMinute: 60,
  bytesPerOwner: 1024 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024 * 1024,
  longestMs: 90 * dayMs,
  blobBytes: Number.MAX_SAFE_INTEGER,
  notHeldRetryMs: 60_000,
  fullRetryMs: dayMs,
}

export interface SignalLimits {
  /** Messages a second on average from one session; one more is answered `too-fast`. */
  readonly messagesPerSecond: number

  /** Of those that may come at once before that average counts. */
  readonly messageBurst: number

  /** Times a second on average that a session may say whom it shows itself to; one more is answered `too-fast`. */
  readonly choicesPerSecond: number

  /** Of those that may come at once before that average counts: two full lists take 17. */
  readonly choiceBurst: number

  /** Identities in each list of one session: whom it shows itself to, whom it wants to hear of. */
  readonly listed: number

  /** Identities in all lists of all sessions: some 150 bytes each. */
  readonly listedInAll: number

  /** Pairs of who had shown itself to whom before it hid or left, by which friends are told that it is absent: some 200 bytes each. */
  readonly remembered: number

  /** In the room: each hears of all others, 32 KB for the last one who comes. */
  readonly inRoom: number

  /** Ms for which who comes into the room or leaves it is told together. */
  readonly roomEveryMs: number

  /** Ms for which refused attempts are counted before their receiver is told. */
  readonly attemptsEveryMs: number

  /** Names among those at most. */
  readonly attemptNames: number
}

export const defaultSignalLimits: SignalLimits = {
  messagesPerSecond: 50,
  messageBurst: 200,
  choicesPerSecond: 1,
  choiceBurst: 40,
  listed: 8_192,
  listedInAll: 1_000_000,
  remembered: 100_000,
  inRoom: 1_000,
  roomEveryMs: 1_000,
  attemptsEveryMs: 5_000,
  attemptNames: 32,
}

export interface RelayLimits {
  /** Circuits that end at one session, opened by either side. */
  readonly circuitsPerSession: number

  /** Circuits of all sessions. */
  readonly circuits: number

  /** Circuits that one session may open a minute on average: each knocks at somebody's door. */
  readonly opensPerMinute: number

  /** Of those that may come at once before that average counts. */
  readonly openBurst: number

  /** Bytes of all circuits that their receivers did not take yet: what people who do not read can make a hub hold. */
  readonly waitingBytes: number

  /** Ms without a frame after which a circuit ends: the sessions inside ping more often. */
  readonly idleMs: number
}

export const defaultRelayLimits: RelayLimits = {
  circuitsPerSession: 32,
  circuits: 2_048,
  opensPerMinute: 30,
  openBurst: 10,
  waitingBytes: 64 * 1024 * 1024,
  idleMs: 120_000,
}

export interface SessionLimits {
  /** Ms from the open link to both signatures verified. Slow networks need four round trips, nobody needs more. */
  readonly handshakeMs: number

  /** Bytes that wait at the link before the session ends (`outbound-full`): who does not read costs this much memory. */
  readonly outboundBytes: number

  /** Ms without a byte leaving while some wait; then the session ends (`stalled`). */
  readonly stalledMs: number

  /** Bytes received and not yet consumed; above it the link is not read. One frame more may be there. */
  readonly inboundBytes: number

  /** Messages received and not yet consumed; above it the link is not read. */
  readonly inboundMessages: number

  /**
   * Frames a second that are taken on average; above it the link is read later. Opening one costs about 10 µs;
   * long headers and lists of names count as more (`frameWeight`), so that nobody holds a core with few frames.
   */
  readonly framesPerSecond: number

  /** Frames that may come at once before that average counts: a list of 100,000 names is not slowed. */
  readonly frameBurst: number

  /** Sealed bytes a second that are taken on average: above what an honest transfer reaches, a third of a core to open. */
  readonly bytesPerSecond: number

  /** Bytes that may come at once before that average counts. */
  readonly byteBurst: number

  /** The other side's requests that may be open; one more is answered `error busy`. */
  readonly pendingRequests: number

  /** Ms of silence after which we ping; `Infinity` never. NATs forget a mapping after 30 to 60 s. */
  readonly pingAfterMs: number

  /** The same while either side rests (R41): a radio that sleeps saves a battery; many proxies end what is silent for 60 s. */
  readonly restingPingAfterMs: number

  /** Ms without an answer to that ping; then the other side is gone (`timeout`). */
  readonly pongMs: number

  /** The same while there is a reason to doubt that it is there: it may have begun another session because of that. */
  readonly doubtMs: number

  /** Ms that a closing session waits for its `bye` to leave. */
  readonly closingMs: number
}

export const defaultSessionLimits: SessionLimits = {
  handshakeMs: 10_000,
  outboundBytes: 4 * 1024 * 1024,
  stalledMs: 30_000,
  inboundBytes: 2 * 1024 * 1024,
  inboundMessages: 256,
  framesPerSecond: 5_000,
  frameBurst: 10_000,
  bytesPerSecond: 256 * 1024 * 1024,
  byteBurst: 256 * 1024 * 1024,
  pendingRequests: 1_024,
  pingAfterMs: 25_000,
  restingPingAfterMs: 50_000,
  pongMs: 20_000,
  doubtMs: 3_000,
  closingMs: 2_000,
}
