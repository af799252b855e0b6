/**
 * Writes states of the own account, on its main device: one after another, each over the state that counts (spec Y9).
 *
 *     authority ─build▶ next state ─draftOf▶ draft ─writer of the synod's feed▶ durable
 *
 * @module
 */
import {
  type Authority,
  EffigyError,
  type Identity,
  mainDevice,
  type NextState,
  type Payload,
  type Synod,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import { releaseUploads } from '../files.ts'
import { type DraftDeps, draftOf } from '../publish.ts'
import { createWriter, type Writer, type WriterDeps, type Written } from '../writer.ts'
import type { Keyring, SynodKey } from './keyring.ts'
import type { OwnAccount } from './own-account.ts'
import { stateFault } from './state-fault.ts'

export interface StateWriter {
  /** Builds on the newest verdict when its turn has come. */
  write(build: (authority: Authority, at: number) => NextState | Promise<NextState>): Promise<Written>
  /** The first state of a key, of which nothing was ever written. */
  begin(state: Synod): Promise<Written>
  /** Runs `work` when nothing else is being written, and keeps others from it meanwhile. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value>
  idle(): Promise<void>
}

export interface StateWriterDeps {
  readonly store: Store
  readonly self: Identity
  readonly own: OwnAccount
  readonly keyring: Keyring
  readonly drafts: DraftDeps
  readonly writer: Pick<WriterDeps, 'crypto' | 'clock' | 'voidPayload'>
  /** Throws an `EffigyError` when nothing may be written now. */
  readonly assertMayWrite: () => void
}

export function createStateWriter(deps: StateWriterDeps): StateWriter {
  const { store, self, own, keyring, drafts, assertMayWrite } = deps
  const { clock } = deps.writer
  let turn: Promise<unknown> = Promise.resolve()
  let held: { readonly key: SynodKey; readonly writer: Writer } | null = null

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(work, work)
    turn = mine.catch(() => {})
    return mine
  }

  function writerOf(key: SynodKey): Writer {
    if (held?.key !== key) {
      const { identity, signer } = key
      const writer = createWriter({ ...deps.writer, store, identity, signer, reference: () => null })
      held = { key, writer }
    }
    return held.writer
  }

  async function append(key: SynodKey, state: Synod): Promise<Written> {
    const { draft, uploads } = await draftOf(state as Payload, {}, drafts)
    const written = await writerOf(key).append(draft)
    releaseUploads(store, uploads)
    return written
  }

  return {
    inTurn,
    idle: () => inTurn(async () => {}),
    write: (build) =>
      inTurn(async () => {
        assertMayWrite()
        const { authority, key } = assertMain({ own, keyring, self })
        const state = await build(authority, clock.now())
        if (!state.ok) throw stateFault(state.error)
        // What took time may have been outrun.
        const isNewest = own.authority()?.current?.cid === authority.current?.cid
        if (!isNewest || keyring.synod !== key) throw stateFault({ code: 'no-state' })
        // An entry of ours above the state that counts would be hidden under one that says less.
        const top = store.feed(key.identity)?.record?.head.head
        if (top !== authority.current?.cid) throw stateFault({ code: 'no-state' })
        return append(key, state.value)
      }),
    async begin(state) {
      const key = keyring.synod
      if (key === null) throw notMain()
      return append(key, state)
    },
  }
}

/** Throws `EffigyError` 'no-account', 'not-main'. */
export function assertMain({
  own,
  keyring,
  self,
}: {
  readonly own: OwnAccount
  readonly keyring: Pick<Keyring, 'synod'>
  readonly self: Identity
}): { readonly authority: Authority; readonly key: SynodKey } {
  const authority = own.authority()
  if (authority === null) throw noAccount()
  const key = keyring.synod
  const isFirst = authority.current === null || mainDevice(authority.current.state)?.[0] === self
  if (key?.identity !== authority.identity || !isFirst) throw notMain()
  return { authority, key }
}

export function noAccount(): EffigyError {
  return new EffigyError(
    'no-account',
    'This device belongs to no account yet. Create one, or link it to one.',
  )
}

export function notMain(): EffigyError {
  return new EffigyError('not-main', 'Only the main device of the account can do this. Do it there.')
}
