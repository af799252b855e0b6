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

export function createPositions({ log, sha256, sharing, effects, headsFeed }: PositionsPorts): Positions {
  let timer: Disposable | null = null
  let hasGiven = false
  let toldCount = 0
  let coveredCount = 0
  let isConcerned = false
  let isFirst = true

  function soon(): void {
    if (!hasGiven || timer !== null || coveredCount <= toldCount) return
    timer = effects.after(isFirst ? firstMs : everyMs, () => {
      timer = null
      tell()
    })
  }

  function tell(): void {
    if (headsFeed.pending() > 0) {
      soon()
      return
    }
    // Left out while it was blocked, and it is not any more: no position of now says so.
    const withheldIn = headsFeed.withheldIn()
    if (withheldIn !== null && withheldIn !== sharing.scope) return
    if (!isConcerned && coveredCount - toldCount < idleChanges) return
    isConcerned = false
    isFirst = false
    toldCount = coveredCount
    const writer = createByteWriter(16)
    writePosition(writer, hideScope({ ...log.position(), count: toldCount }, sharing, sha256))
    effects.send({ type: 'position' }, writer.take())
  }

  return {
    give(count) {
      hasGiven = true
      toldCount = Math.max(toldCount, count)
      coveredCount = Math.max(coveredCount, log.position().count)
      soon()
    },
    changed(identities) {
      coveredCount = log.position().count
      for (const identity of identities) if (headsFeed.watches(identity)) isConcerned = true
      soon()
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  }
}
