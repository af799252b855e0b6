/**
 * Long answers to who comes up to date (spec C), a frame at a time, as the link has room for them.
 *
 *     heads, changes, cells ─▶ open ─pull▶ lastknownheads …, resumed …, cells …
 *
 * What may be shared can change between two frames: what is withheld by then is not told, and no position stands
 * for it (C3).
 *
 * @module
 */
import { createByteWriter, type HeadRecord, type Identity, identityKey, type Sha256 } from '@effigy/core'
import type { LogPosition } from '@effigy/store'
import { maxListedIds } from '../limits.ts'
import { writeHeads, writeIndexedHead, writePosition } from '../messages-bytes.ts'
import { type CellMaker, cellCredit, encodeCells, firstCells, maxCells } from '../reconcile/cells.ts'
import { indexOfKey } from '../reconcile/key-set.ts'
import { hashPrints, type Prints, printCount } from '../reconcile/prints.ts'
import { type Effects, type Outgoing, type Producer, takeTurns } from './effects.ts'
import { hideScope } from './log-scope.ts'
import type { Sharing } from './sharing.ts'

export interface AnswersPorts {
  readonly sha256: Sha256
  readonly effects: Pick<Effects, 'wake'>
  readonly sharing: Sharing
  /** The heads to tell of these, with what proves disputes. */
  readonly tell: (identities: readonly Identity[]) => readonly HeadRecord[]
}

export interface Answers extends Producer {
  readonly size: number
  /** `lastknownheads`; `onTold` hears in which scope they were looked up. */
  heads(id: number, identities: readonly Identity[], onTold: (scope: string) => void): void
  /** `resumed`: by their places in `keys`, and the position that it all stands for. */
  changes(id: number, keys: Uint8Array, identities: readonly Identity[], at: LogPosition): void
  cells(id: number, maker: CellMaker, prints: Prints): void
  /** True when it was one with cells. */
  credit(id: number, bytes: number): boolean
  cancel(id: number): void
}

export function createAnswers({ sha256, effects, sharing, tell }: AnswersPorts): Answers {
  const open = new Map<number, Producer>()
  const streams = new Map<number, { granted: number }>()

  function give(id: number, pull: () => Outgoing | null): void {
    open.set(id, { pull })
    effects.wake()
  }

  function close(id: number): void {
    open.delete(id)
    streams.delete(id)
  }

  /** Looked up with the first frame; null once more or less may be shared than now. */
  function told(identities: readonly Identity[]): () => HeadRecord[] | null {
    const { scope } = sharing
    let records: HeadRecord[] | null = null
    return () => {
      if (sharing.scope !== scope) return null
      records ??= [...tell(identities)]
      return records
    }
  }

  return {
    get size() {
      return open.size
    },
    heads(id, identities, onTold) {
      let next = told(identities)
      give(id, () => {
        onTold(sharing.scope)
        let records = next()
        if (records === null) {
          // Anew: better told twice than to whom it is not for.
          next = told(identities)
          records = next() ?? []
        }
        const part = records.splice(0, maxListedIds)
        const end = records.length === 0
        if (end) close(id)
        return {
          message: { type: 'lastknownheads', re: id, end, count: part.length },
          bytes: writeHeads(part),
        }
      })
    },
    changes(id, keys, identities, at) {
      const next = told(identities)
      give(id, () => {
        const records = next()
        if (records === null) {
          close(id)
          return { message: { type: 'unlike', re: id, end: true, reason: 'other-scope' }, bytes: [] }
        }
        const part = records.splice(0, maxListedIds)
        const end = records.length === 0
        if (end) close(id)
        const writer = createByteWriter(16 + part.length * 120)
        writePosition(writer, hideScope(at, sharing, sha256))
        for (const record of part) {
          writeIndexedHead(writer, indexOfKey(keys, identityKey(record.head.identity)), record)
        }
        return { message: { type: 'resumed', re: id, end, count: part.length }, bytes: writer.take() }
      })
    },
    cells(id, maker, prints) {
      const size = printCount(prints)
      const hash = hashPrints(prints, sha256)
      const stream = { granted: firstCells }
      streams.set(id, stream)
      let sent = 0
      give(id, () => {
        const end = Math.min(stream.granted, maxCells, sent + maxListedIds)
        if (end === sent) return null
        maker.extend(end)
        const cells = encodeCells(maker.cells, size, sent, end)
        const message = { type: 'cells', re: id, end: end === maxCells, count: end - sent, size } as const
        sent = end
        if (message.end) close(id)
        return { message, bytes: [hash, cells] }
      })
    },
    credit(id, bytes) {
      const stream = streams.get(id)
      if (stream === undefined) return false
      stream.granted = Math.min(maxCells, stream.granted + Math.floor(bytes / cellCredit))
      effects.wake()
      return true
    },
    cancel: close,
    pull: () => takeTurns(open),
  }
}
