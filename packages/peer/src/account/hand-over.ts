/**
 * Hands the main role, and with it the account's key, to another own device (spec Y10, Y22).
 *
 *     last state: the other comes first ─▶ key over the sealed session ─ it says that it holds both ─▶ wiped here
 *
 * That the state names another device while the key is still in this vault is all there is to remember: cut off
 * anywhere, it goes on when the two meet again.
 *
 * @module
 */
import { EffigyError, handOver, type Identity, identityOfKey, mainDevice, parseBase64url } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Log } from '@effigy/sync'
import { type AskPorts, askDevice } from './ask-own.ts'
import type { Keyring } from './keyring.ts'
import type { OwnAccount } from './own-account.ts'
import { assertMain, type StateWriter } from './state-writer.ts'
import { secretOf } from './synod-secret.ts'

export interface HandingPorts extends AskPorts {
  readonly self: Identity
  readonly own: OwnAccount
  readonly keyring: Keyring
  readonly states: StateWriter
  readonly crypto: Pick<Crypto, 'signer'>
  readonly log: Log
  /** What this device is to the account may be something else now. */
  readonly changed: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface Handing {
  to(identity: Identity, signal: AbortSignal): Promise<void>
  /** Goes on with what was cut off, and lets go of a key that was moved away from. */
  resume(): void
  /** Takes the key that another device hands over; null: done, and durable. Else why not. */
  take(seed: Uint8Array, n: number): Promise<string | null>
}

export function createHanding(ports: HandingPorts): Handing {
  const { self, own, keyring, states, crypto, log, changed, signal } = ports
  let passing: Promise<void> | null = null

  const heir = (): Identity | null => own.view()?.handingTo ?? null

  async function pass(): Promise<void> {
    for (let to = heir(); to !== null; to = heir()) {
      const secret = keyring.secret()
      const bytes = parseBase64url(secret?.key ?? '')
      const root = own.root()
      if (secret === null || bytes === null || root === null) return
      const question = {
        method: 'take',
        value: { root, n: secret.n },
        bytes,
        signal,
        goOn: () => heir() === to,
      }
      const answer = await askDevice(heir, question, ports)
      if (answer === null) continue
      if (!answer.ok) {
        log.warn('account.not-handed', { code: answer.error.code })
        throw new EffigyError(
          answer.error.code,
          `The other device did not take the account's key (${answer.error.code}).`,
        )
      }
      await keyring.keep(null, null)
      changed()
    }
  }

  function resume(): void {
    if (signal.aborted) return
    const verdict = own.authority()
    const key = keyring.synod?.identity
    if (key !== undefined && verdict !== null && verdict.identity !== key && verdict.keys.includes(key)) {
      keyring.keep(null, keyring.phrase).then(changed, () => {})
    } else if (passing === null && heir() !== null) {
      void begin().catch(() => {})
    }
  }

  function begin(): Promise<void> {
    passing ??= pass().finally(() => {
      passing = null
    })
    return passing
  }

  return {
    resume,
    async to(identity, until) {
      if (heir() !== identity) {
        assertMain({ own, keyring, self })
        if (keyring.phrase !== null) {
          throw new EffigyError(
            'phrase-unconfirmed',
            'Write the words of the account down and confirm that first.',
          )
        }
        await states.write((authority, at) => handOver(authority, identity, at))
        changed()
      }
      until.throwIfAborted()
      const given = Promise.withResolvers<never>()
      const leave = (): void => given.reject(until.reason)
      until.addEventListener('abort', leave, { once: true })
      try {
        await Promise.race([begin(), given.promise])
      } finally {
        until.removeEventListener('abort', leave)
      }
    },
    take: (seed, n) =>
      states.inTurn(async () => {
        const verdict = own.authority()
        if (verdict === null) return 'no-account'
        const { publicKey } = await crypto.signer(seed)
        if (identityOfKey(publicKey) !== verdict.identity || n !== verdict.moves.length) return 'bad-value'
        const state = verdict.current?.state ?? null
        // It is handed over in a state that comes like any other.
        if (state === null || mainDevice(state)?.[0] !== self) return 'not-yet'
        if (keyring.synod?.identity !== verdict.identity) {
          await keyring.keep(secretOf(seed, n), null)
          changed()
        }
        return null
      }),
  }
}
