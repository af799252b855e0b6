/**
 * Gives read keys away: of a conversation or group, of a sealed feed (spec P16, X6, X9).
 *
 *     key ─read_key▶ age: context read_key/<name>/<n> ─▶ devices and recovery keys of the receivers, own ones too
 *
 * @module
 */
import {
  type Account,
  type ContentReadKey,
  type FeedReadKey,
  type Payload,
  readerPrint,
  type Sha256,
} from '@effigy/core'
import type { Published } from '../peer.ts'
import type { DraftOptions } from '../publish.ts'
import { keyContext } from './contexts.ts'
import { keysOf, type ReaderStore, readerOf } from './readers.ts'
import { inEntries } from './split.ts'

export interface HandOutOptions {
  /** `prints` of a content key are those of the readers of each entry, unless they are given. */
  readonly key: ContentReadKey | FeedReadKey
  /** Who else may read; nobody: own devices alone get it. */
  readonly to: readonly Account[]
  /** The persons of a conversation, which stand in the payload so that all of them know of each other (Q20). */
  readonly persons?: readonly Account[]
}

/**
 * Publishes `read_key`, in as many entries as the keys of all readers need, and resolves with them once they are
 * durable. Own devices and the own recovery key are among the readers of each. Throws `EffigyError` 'no-box-key' when there is
 * nobody to seal to, else as `publish` does.
 */
export type HandOut = (options: HandOutOptions) => Promise<readonly Published[]>

export interface HandOutPorts {
  readonly store: ReaderStore
  /** Keys of own devices and the own recovery key. */
  readonly ownKeys: () => readonly Uint8Array[]
  readonly sha256: Sha256
  readonly publish: (payload: Payload, options: DraftOptions) => Promise<Published>
  /** Wall clock, ms. */
  readonly now: () => number
}

export function createHandOut({ store, ownKeys, sha256, publish, now }: HandOutPorts): HandOut {
  return ({ key, to, persons }) => {
    const payloadFor = (recipients: readonly Uint8Array[]): Payload => {
      const prints =
        key.kind === 'content' ? { prints: recipients.map((one) => readerPrint(one, sha256)) } : {}
      const known = persons === undefined ? {} : { to: persons }
      return { type: 'read_key', at: now(), ...prints, ...key, ...known } as unknown as Payload
    }
    const readers = (): readonly Uint8Array[] =>
      keysOf(
        to.map((account) => readerOf(store, account)),
        ownKeys(),
      )
    return inEntries(readers, ownKeys, (recipients) =>
      publish(payloadFor(recipients()), { seal: { type: 'age', context: keyContext(key), recipients } }),
    )
  }
}
