/**
 * Messages by which two peers come up to date (spec C1-C8), as types; `messages.ts` has the others.
 *
 *     resume ─▶ resumed      compare ─▶ cells      prints ─▶ unmatched      list      agree ─▶ agreed      position
 *
 * @module
 */

/**
 * C3. Bytes: hash of a stored watch set, position known of the receiver's log, position of the sender's,
 * `removed` indexes into the set, `added` identities. Answered by `resumed` or `unlike`.
 */
export interface Resume {
  readonly type: 'resume'
  readonly id: number
  readonly removed: number
  readonly added: number
}

/** Bytes: position of the sender's log, `count` heads by their index in the set as it is now. */
export interface Resumed {
  readonly type: 'resumed'
  readonly re: number
  readonly end: boolean
  readonly count: number
}

/** That way is closed: another one is taken. No error, and nothing is held against anybody. */
export interface Unlike {
  readonly type: 'unlike'
  readonly re: number
  readonly end: true
  readonly reason: string
}

/** C6. Bytes: hash of a stored watch set, or nothing. Answered by `cells`, more of them for `credit`, or `unlike`. */
export interface Compare {
  readonly type: 'compare'
  readonly id: number
  /** Heads that the sender has. */
  readonly size: number
}

/** Bytes: hash of all prints, `count` cells. */
export interface CellsMessage {
  readonly type: 'cells'
  readonly re: number
  readonly end: boolean
  readonly count: number
  /** Heads that the sender compares. */
  readonly size: number
}

/** C5. Bytes: `count` prints, ascending. Answered by `unmatched` or `unlike`. */
export interface PrintsMessage {
  readonly type: 'prints'
  readonly id: number
  readonly count: number
}

/** Bytes: `count` indexes of one byte, ascending. */
export interface Unmatched {
  readonly type: 'unmatched'
  readonly re: number
  readonly end: true
  readonly count: number
}

/** Bytes: `count` prints of the last comparison. Answered by `lastknownheads`. */
export interface GetPrints {
  readonly type: 'getprints'
  readonly id: number
  readonly count: number
}

/** C5. Bytes: `count` × identity, first 8 bytes of its head's digest or zeros. Answered by `lastknownheads`: those that differ. */
export interface ListMessage {
  readonly type: 'list'
  readonly id: number
  readonly count: number
  /** What was compared or listed before is forgotten. */
  readonly first: boolean
}

/** C2. Bytes: hash of the whole watch set, position of the sender's log, `removed` identities. Answered by `agreed` or `unlike`. */
export interface Agree {
  readonly type: 'agree'
  readonly id: number
  readonly removed: number
}

/** Bytes: position of the sender's log, as it was when the comparison began. */
export interface Agreed {
  readonly type: 'agreed'
  readonly re: number
  readonly end: true
}

/** Bytes: a position of the sender's log; all changes up to there that concern the receiver have been told (C3). */
export interface PositionMessage {
  readonly type: 'position'
}
