/**
 * Tells the other side how far it knows our log (spec C3): `position`, when all changes up to there that concern
 * it have been told.
 *
 *     answered up to a count ─give▶ … changes, told live ─▶ position, after 0.5 s, then every 5 s at most
 *
 * @module
 */
import { createByteWriter, type Identity, type Sha256 } from '@effigy/core'
import type { HeadLog } from '@effigy/store'
import { writePosition } from '../messages-bytes.ts'
import type { Effects } from './effects.ts'
import type { HeadsFeed } from './heads-feed.ts'
import { hideScope } from './log-scope.ts'
import type { Sharing } from './sharing.ts'

export interface PositionsPorts {
  readonly log: HeadLog
  readonly sha256: Sha256
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'send' | 'after'>
  readonly headsFeed: Pick<HeadsFeed, 'watches' | 'pending' | 'withheldIn'>
}

export interface Positions extends Disposable {
  /** The other side was answered up to that count; what changed since is being told. */
  give(count: number): void
  /** These feeds changed, and whoever watches them is being told. */
  changed(identities: Iterable<Identity>): void
}

/** Ms between two `position`s: a cut costs the changes of that time once more. */
const everyMs = 5_000

/** Ms until the first: what was just told to us is no news to them. */
const firstMs = 500

/** Changes of others' feeds after which a position is worth telling though none concerned the other side. */
const idleChanges = 512

export function createPositions(ports: PositionsPorts): Positions {
  return new SessionPositions(ports)
}

class SessionPositions implements Positions {
  readonly #ports: PositionsPorts
  #timer: Disposable | null = null
  #hasGiven = false
  #toldCount = 0
  #coveredCount = 0
  #isConcerned = false
  #isFirst = true

  constructor(ports: PositionsPorts) {
    this.#ports = ports
  }

  #soon(): void {
    if (!this.#hasGiven || this.#timer !== null || this.#coveredCount <= this.#toldCount) return
    this.#timer = this.#ports.effects.after(this.#isFirst ? firstMs : everyMs, () => {
      this.#timer = null
      this.#tell()
    })
  }

  #tell(): void {
    if (this.#ports.headsFeed.pending() > 0) {
      this.#soon()
      return
    }
    // Left out while it was blocked, and it is not any more: no position of now says so.
    const withheldIn = this.#ports.headsFeed.withheldIn()
    if (withheldIn !== null && withheldIn !== this.#ports.sharing.scope) return
    if (!this.#isConcerned && this.#coveredCount - this.#toldCount < idleChanges) return
    this.#isConcerned = false
    this.#isFirst = false
    this.#toldCount = this.#coveredCount
    const writer = createByteWriter(16)
    writePosition(
      writer,
      hideScope(
        { ...this.#ports.log.position(), count: this.#toldCount },
        this.#ports.sharing,
        this.#ports.sha256,
      ),
    )
    this.#ports.effects.send({ type: 'position' }, writer.take())
  }

  give(count: number): void {
    this.#hasGiven = true
    this.#toldCount = Math.max(this.#toldCount, count)
    this.#coveredCount = Math.max(this.#coveredCount, this.#ports.log.position().count)
    this.#soon()
  }

  changed(identities: Iterable<Identity>): void {
    this.#coveredCount = this.#ports.log.position().count
    for (const identity of identities) if (this.#ports.headsFeed.watches(identity)) this.#isConcerned = true
    this.#soon()
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
  }
}
