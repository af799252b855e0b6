/**
 * What others had of this device's feed when they were asked last (spec R13): remembered, so that nobody is asked
 * again at each connect while nothing is new.
 *
 *     feed {base, total} over the whole chain ─▶ [identity, epoch, length, head, at] ─▶ one setting, 32 of them
 *
 * @module
 */
import type { Head, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'

/** The head up to which somebody had everything. */
export type ConfirmedHead = Pick<Head, 'epoch' | 'length' | 'head'>

export interface Confirmation {
  readonly head: ConfirmedHead
  /** When they were asked, wall clock, ms. */
  readonly at: number
}

/** What one other side confirmed. */
export interface ConfirmedBy {
  read(): Confirmation | null
  /** Null: what it confirmed is not to be relied on any more. */
  save(confirmation: Confirmation | null): void
}

type Settings = Pick<Store, 'setting' | 'saveSetting'>
type Row = readonly [remote: Identity, epoch: number, length: number, head: Head['head'], at: number]

const key = 'confirmed'

/** The last who confirmed: hubs and own devices are a handful, and who is left out is asked once more. */
const maxRemembered = 32

/** For those whom nobody here chose: what they say is theirs, and no reason to write to the disk. */
export const unremembered: ConfirmedBy = { read: () => null, save() {} }

/** What everybody confirmed whom a person chose, the latest last. */
export function allConfirmed(store: Pick<Store, 'setting'>): readonly (readonly [Identity, Confirmation])[] {
  const rows = JSON.parse(store.setting(key) ?? '[]') as readonly Row[]
  return rows.map(([identity, epoch, length, head, at]) => [identity, { head: { epoch, length, head }, at }])
}

export function confirmedBy(store: Settings, remote: Identity): ConfirmedBy {
  // Nobody but `save` writes it.
  const rows = (): readonly Row[] => JSON.parse(store.setting(key) ?? '[]') as readonly Row[]
  return {
    read() {
      const row = rows().find(([identity]) => identity === remote)
      if (row === undefined) return null
      const [, epoch, length, head, at] = row
      return { head: { epoch, length, head }, at }
    },
    save(confirmation) {
      const all = rows()
      const others = all.filter(([identity]) => identity !== remote)
      if (confirmation === null) {
        if (others.length < all.length) store.saveSetting(key, JSON.stringify(others))
        return
      }
      const { head, at } = confirmation
      const row: Row = [remote, head.epoch, head.length, head.head, at]
      store.saveSetting(key, JSON.stringify([...others, row].slice(-maxRemembered)))
    },
  }
}
