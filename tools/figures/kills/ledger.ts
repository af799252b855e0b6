/**
 * What a home must hold, from what its writers were told (the model that a reopened home is held to).
 *
 *     Events ─▶ content: present │ replaced │ deleted │ erased │ uncertain
 *
 * @module
 */
import { decodeCompactHead, type HeadRecord, parseBase64url, type RawCid } from '@effigy/core'
import type { Event, FileFacts } from './events.ts'

/** `uncertain`: an operation on it was under way when the process died. */
export type Fate = 'present' | 'gone' | 'erased' | 'uncertain'

export interface Kept {
  readonly fate: Fate
  readonly file: FileFacts | null
}

export interface Ledger {
  readonly contents: ReadonlyMap<RawCid, Kept>
  /** The last head that was announced. */
  readonly newest: HeadRecord | null
  /** Heads that were announced since this was asked before, in order. */
  announced(): readonly HeadRecord[]
  /** Operations that were acknowledged. */
  readonly acknowledged: number
  /** Takes the events of one life; gives what it told as failed. */
  take(events: readonly Event[]): readonly string[]
  /** What was uncertain is settled by what the home holds now. */
  settle(content: RawCid, fate: Fate): void
}

export function createLedger(): Ledger {
  const contents = new Map<RawCid, Kept>()
  let heads: HeadRecord[] = []
  let newest: HeadRecord | null = null
  let acknowledged = 0

  const become = (content: RawCid, fate: Fate): void => {
    contents.set(content, { file: contents.get(content)?.file ?? null, fate })
  }

  return {
    contents,
    get newest() {
      return newest
    },
    announced() {
      const told = heads
      heads = []
      return told
    },
    get acknowledged() {
      return acknowledged
    },
    take(events) {
      const failed: string[] = []
      const open = new Map<number, Event & { type: 'begun' }>()
      for (const event of events) {
        switch (event.type) {
          case 'begun':
            open.set(event.id, event)
            break
          case 'done': {
            const begun = open.get(event.id)
            open.delete(event.id)
            if (event.refused || begun === undefined) break
            acknowledged++
            for (const target of begun.targets) {
              become(target, begun.operation === 'erase' ? 'erased' : 'gone')
            }
            if (event.content !== null) contents.set(event.content, { fate: 'present', file: event.file })
            break
          }
          case 'head': {
            const record = decodeCompactHead(parseBase64url(event.record) ?? new Uint8Array(0))
            if (record === null) failed.push('told a head that cannot be read')
            else {
              heads.push(record)
              newest = record
            }
            break
          }
          case 'failed':
            failed.push(event.what)
            break
          case 'ready':
          case 'opened':
            break
        }
      }
      for (const { targets } of open.values()) for (const target of targets) become(target, 'uncertain')
      return failed
    },
    settle: become,
  }
}
