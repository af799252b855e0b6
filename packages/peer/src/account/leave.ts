/**
 * Leaving the account from a linked device (spec Y10): a request with the end of its feed, which the main one grants.
 *
 *     nothing written any more ─ last head ─▶ main device ─ granted ─▶ the state without us comes like any other
 *
 * @module
 */
import { EffigyError, type Identity, mainDevice } from '@effigy/core'
import type { Store } from '@effigy/store'
import { writeHeads } from '@effigy/sync'
import type { Pulse } from '../live.ts'
import { rest } from '../rest.ts'
import { type AskPorts, askDevice } from './ask-own.ts'
import type { OwnAccount } from './own-account.ts'
import { noAccount } from './state-writer.ts'

export interface LeavePorts extends AskPorts {
  readonly store: Pick<Store, 'feed'>
  readonly self: Identity
  readonly own: OwnAccount
  /** Resolves when nothing is being written. */
  readonly idle: () => Promise<void>
  /** Fires when the account has changed. */
  readonly changes: Pulse
}

/** Ms in which the state that was granted comes; then the main device is asked again, which says what holds. */
const stateMs = 10_000

/** Nobody writes meanwhile: the caller sees to that. */
export async function leaveAccount(ports: LeavePorts, signal: AbortSignal): Promise<void> {
  const { store, self, own, clock, changes } = ports
  const isLinked = (): boolean => own.role() === 'linked'
  const main = (): Identity | null => {
    const state = own.authority()?.current?.state ?? null
    return state === null ? null : (mainDevice(state)?.[0] ?? null)
  }
  if (own.role() === null) throw noAccount()
  if (own.role() === 'main' || own.role() === 'main-without-key') {
    throw new EffigyError('main-device', 'The main device cannot leave. Hand its role over first.')
  }
  await ports.idle()
  while (isLinked()) {
    const record = store.feed(self)?.record ?? null
    const bytes = writeHeads(record === null ? [] : [record])
    const question = { method: 'leave', value: {}, bytes, signal, goOn: isLinked }
    const answer = await askDevice(main, question, ports)
    if (answer === null) return
    if (!answer.ok) throw refused(answer.error.code)
    const seen = changes.count
    const patience = new AbortController()
    using _timer = clock.after(stateMs, () => patience.abort())
    if (isLinked()) await changes.after(seen, AbortSignal.any([signal, patience.signal]))
    if (isLinked()) await rest(clock, 100, signal)
  }
}

function refused(code: string): EffigyError {
  return code === 'denied'
    ? new EffigyError('denied', 'The main device said no. This device stays in the account.')
    : new EffigyError(code, `The main device could not let this one go (${code}).`)
}
