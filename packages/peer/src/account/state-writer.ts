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
  type MoveFault,
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

const messages: Readonly<Record<MoveFault['code'], string>> = {
  'no-state': 'The newest state of the account is not here. Connect to a hub or another device first.',
  disputed: 'Two different states of the account are known. Only its words end that: move the account.',
  'too-many-members': 'An account has at most 24 devices. Revoke one first.',
  'too-many-revoked':
    'The account remembers 24 revoked devices and has no room for one more. Forget the oldest.',
  'already-member': 'This device belongs to the account already.',
  'not-a-member': 'This is no device of the account.',
  'was-revoked': 'This device was revoked: it joins only with a new home, as a new device.',
  'not-revoked': 'This device is not revoked.',
  serial: 'Another device joined meanwhile. Link it again.',
  'main-device':
    'The main device cannot go like that. Hand its role over, or move the account with its words.',
  'state-too-large': 'The account has no room for this. Shorten its profile.',
  'profile-too-large': 'The profile leaves no room for the devices that an account may have. Shorten it.',
  'state-field': 'This cannot stand in an account: check names, addresses and labels.',
  'wrong-phrase': 'These are not the words of this account, or no longer.',
  'too-many-moves': 'The account moved 16 times, which is all it can.',
  'final-epoch': 'The feed of an account has no epoch but 1.',
}

export function stateFault(fault: MoveFault): EffigyError {
  return new EffigyError(fault.code, messages[fault.code])
}
