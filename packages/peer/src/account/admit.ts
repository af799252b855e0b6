/**
 * Lists a device that joins, on the main device; or asks the main one to, from a linked device (spec L11, Y23).
 *
 *     pairing on the main device   ─ both persons saw the same emoji ─▶ next state
 *     pairing on a linked device   ─▶ main device ─ requests(), a person grants ─▶ next state ─▶ back
 *
 * @module
 */
import {
  addMember,
  EffigyError,
  err,
  grantLeave,
  type Identity,
  mainDevice,
  nextSerial,
  ok,
  type Result,
  type SynodMember,
  synodChecks,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import { type AccountRefusal, type Admitted, type PairingAccount, readHeads, writeHeads } from '@effigy/sync'
import { type AskPorts, askDevice } from './ask-own.ts'
import type { OwnAccount } from './own-account.ts'
import { stateFault } from './state-fault.ts'
import type { StateWriter } from './state-writer.ts'

export interface AdmitPorts extends AskPorts {
  readonly store: Pick<Store, 'feed' | 'entry'>
  readonly verify: Crypto['verify']
  readonly own: OwnAccount
  readonly states: StateWriter
  readonly signal: AbortSignal
}

export interface Admitting {
  /** Of this device for pairing; null: it may join an account. Throws `EffigyError` 'revoked', 'disputed', 'main-without-key'. */
  account(): PairingAccount | null
  serial(identity: Identity): Result<number, AccountRefusal>
  /** On the main device; what a linked one asks for is granted by a person before. */
  admit(member: SynodMember): Promise<Result<Admitted, AccountRefusal>>
  withdraw(member: SynodMember): Promise<Result<null, AccountRefusal>>
}

export function createAdmitting(ports: AdmitPorts): Admitting {
  const { store, verify, own, states } = ports

  const listed = (identity: Identity): SynodMember | null =>
    own.authority()?.current?.state.identities.find(([each]) => each === identity) ?? null

  const main = (): Identity | null => {
    const state = own.authority()?.current?.state ?? null
    return state === null ? null : (mainDevice(state)?.[0] ?? null)
  }

  function newest(): Result<Admitted, AccountRefusal> {
    const authority = own.authority()
    const cid = authority?.current?.cid ?? null
    const entry = cid === null ? null : store.entry(cid)
    const head = authority === null ? null : (store.feed(authority.identity)?.record ?? null)
    if (entry === null || head?.head.head !== cid) return err({ code: 'no-state' })
    return ok({ entry: entry.signed.bytes, head })
  }

  function serial(identity: Identity): Result<number, AccountRefusal> {
    const state = own.authority()?.current?.state ?? null
    if (state === null) return err({ code: 'no-state' })
    return ok(listed(identity)?.[3] ?? nextSerial(state))
  }

  async function admit(member: SynodMember): Promise<Result<Admitted, AccountRefusal>> {
    const root = own.root()
    if (root === null) return err({ code: 'no-account' })
    const valid = await verify(synodChecks({ root, identities: [member], moves: [] }))
    if (!valid.every(Boolean)) return err({ code: 'member-invalid' })
    const known = listed(member[0])
    if (known !== null && isSame(known, member)) return newest()
    return attempt(async () => {
      await states.write((authority, at) => addMember(authority, member, at))
      return newest()
    })
  }

  async function withdraw(member: SynodMember): Promise<Result<null, AccountRefusal>> {
    const known = listed(member[0])
    if (known === null || !isSame(known, member)) return ok(null)
    return attempt(async () => {
      await states.write((authority, at) => grantLeave(authority, member[0], null, at))
      return ok(null)
    })
  }

  /** From a linked device: as soon as the main one is connected. */
  function overNetwork(): Omit<PairingAccount, 'root'> {
    return {
      async serial(identity, signal) {
        const answer = await askDevice(main, { method: 'serial', value: { identity }, signal }, ports)
        if (answer?.ok !== true) return err({ code: answer?.error.code ?? 'no-account' })
        const given = answer.value.value.serial
        return typeof given === 'number' && Number.isSafeInteger(given) && given > 0
          ? ok(given)
          : err({ code: 'bad-answer' })
      },
      async admit(member, { stage, signal }) {
        stage('asking-main')
        const onAnswer = (): void => stage('waiting-for-person')
        const question = { method: 'admit', value: { member: [...member] }, onAnswer, signal }
        const answer = await askDevice(main, question, ports)
        if (answer?.ok !== true) return err({ code: answer?.error.code ?? 'no-account' })
        const { value, bytes } = answer.value
        const admitted = typeof value.size === 'number' ? readAdmitted(value.size, bytes) : null
        return admitted === null ? err({ code: 'bad-answer' }) : ok(admitted)
      },
      async withdraw(member) {
        const { signal } = ports
        const question = { method: 'withdraw', value: { member: [...member] }, signal }
        const answer = await askDevice(main, question, ports)
        return answer?.ok === true ? ok(null) : err({ code: answer?.error.code ?? 'no-account' })
      },
    }
  }

  return {
    serial,
    admit,
    withdraw,
    account() {
      const root = own.root()
      if (root === null) return null
      const role = own.role()
      if (role === 'main') {
        const stages = { serial: async (identity: Identity) => serial(identity) }
        return { root, ...stages, admit: (member) => admit(member), withdraw: (member) => withdraw(member) }
      }
      if (role === 'linked') return { root, ...overNetwork() }
      if (role === 'frozen' && own.authority()?.disputed === true) throw stateFault({ code: 'disputed' })
      const code = role === 'main-without-key' ? 'main-without-key' : 'revoked'
      throw new EffigyError(
        code,
        'This device can link no other one: it has not the key of its account, or was taken out of it.',
      )
    },
  }
}

/** Entry ‖ head record, with the size of the entry beside it. */
export function writeAdmitted({ entry, head }: Admitted): {
  readonly value: { readonly size: number }
  readonly bytes: readonly Uint8Array[]
} {
  return { value: { size: entry.length }, bytes: [entry, writeHeads([head])] }
}

function readAdmitted(size: number, bytes: Uint8Array): Admitted | null {
  if (!Number.isSafeInteger(size) || size < 1 || size > bytes.length) return null
  const [head] = readHeads(bytes.subarray(size), 1) ?? []
  return head === undefined ? null : { entry: bytes.slice(0, size), head }
}

function isSame(a: SynodMember, b: SynodMember): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[3] === b[3] && a[4] === b[4]
}

async function attempt<Value>(
  work: () => Promise<Result<Value, AccountRefusal>>,
): Promise<Result<Value, AccountRefusal>> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof EffigyError)) throw cause
    return err({ code: cause.code })
  }
}
