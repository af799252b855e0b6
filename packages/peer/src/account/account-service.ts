/**
 * The service `account`, for devices of the same account alone (spec Y17).
 *
 *     sightings {identity} → {seen} ‖ heads        leave {} ‖ head → {}, once a person has granted it
 *     take {root, n} ‖ key → {}, once it is in the vault
 *     serial {identity} → {serial}      admit {member} → {size} ‖ entry ‖ head, once granted      withdraw {member} → {}
 *
 * @module
 */
import {
  compareHeads,
  EffigyError,
  type Final,
  finalOfHead,
  type HeadRecord,
  headCheck,
  type Identity,
  maxLabelBytes,
  parseBase64url,
  parseIdentity,
  type SynodMember,
  synodChecks,
  utf8,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import {
  atLeast,
  type Clock,
  readHeads,
  type Service,
  type ServiceCall,
  type ServiceRefusal,
  writeHeads,
} from '@effigy/sync'
import { type Admitting, writeAdmitted } from './admit.ts'
import { accountService } from './ask-own.ts'
import type { OwnAccount } from './own-account.ts'
import type { Requests } from './requests.ts'
import type { Sightings } from './sightings.ts'

export interface AccountServicePorts {
  readonly admitting: Pick<Admitting, 'serial' | 'admit' | 'withdraw'>
  readonly store: Pick<Store, 'feed'>
  readonly verify: Crypto['verify']
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly own: OwnAccount
  readonly requests: Requests
  readonly sightings: Pick<Sightings, 'of'>
  /** Keeps the key that is handed over; null, or why not. */
  readonly take: (seed: Uint8Array, n: number) => Promise<string | null>
  /** Writes the state without that device. */
  readonly letGo: (identity: Identity, final: Final | null) => Promise<unknown>
}

/** A pairing that ends is over by then, ms. */
const withdrawMs: number = 15 * 60_000

type Answer = ReturnType<Service['methods'][string]>

export function createAccountService(ports: AccountServicePorts): Service {
  const { store, verify, clock, own, requests, sightings } = ports
  /** Listed for another own device, which may take it back for a while. */
  const admitted = new Map<Identity, { readonly via: Identity; readonly atMs: number }>()

  async function leave({ remote, bytes, signal }: ServiceCall): Answer {
    if (own.role() !== 'main') return refusal('not-main')
    const told = await headOf(remote, bytes)
    if (told === undefined) return refusal('bad-value')
    // What it does not tell counts too, if we hold it: who leaves takes nothing with it.
    const held = store.feed(remote)?.record ?? null
    const isNewest = told !== null && (held === null || compareHeads(told.head, held.head) >= 0)
    const head = isNewest ? told : held
    const final = head === null ? null : finalOfHead(head.head)
    const label = own.view()?.members.find(({ identity }) => identity === remote)?.label ?? ''
    const asked = { type: 'leave', identity: remote, label, via: remote, at: clock.now() } as const
    const answer = await requests.ask(asked, () => ports.letGo(remote, final), signal)
    return answer.ok ? { ok: true, value: { value: {} } } : refusal(answer.error.code)
  }

  /** Null: it says that it never wrote. Undefined: no head of its feed. */
  async function headOf(identity: Identity, bytes: Uint8Array): Promise<HeadRecord | null | undefined> {
    if (bytes.length === 0) return null
    const [record] = readHeads(bytes, 1) ?? []
    if (record?.head.identity !== identity) return undefined
    const [valid] = await verify([headCheck(record)])
    return valid === true ? record : undefined
  }

  async function seen({ value }: ServiceCall): Answer {
    const identity = typeof value.identity === 'string' ? parseIdentity(value.identity) : null
    if (identity === null) return refusal('bad-value')
    const list = own.authority()?.standings.has(identity) === true ? sightings.of(identity) : []
    const bytes = writeHeads(list.map(({ record }) => record))
    return { ok: true, value: { value: { seen: list.map(({ seenMs }) => seenMs) }, bytes } }
  }

  async function take({ value: { root, n }, bytes }: ServiceCall): Answer {
    if (root !== own.root() || typeof n !== 'number' || bytes.length !== 32) return refusal('bad-value')
    const code = await ports.take(bytes.slice(), n)
    return code === null ? { ok: true, value: { value: {} } } : refusal(code)
  }

  function serial({ value }: ServiceCall): Awaited<Answer> {
    const identity = typeof value.identity === 'string' ? parseIdentity(value.identity) : null
    if (identity === null) return refusal('bad-value')
    if (own.role() !== 'main') return refusal('not-main')
    const given = ports.admitting.serial(identity)
    return given.ok ? { ok: true, value: { value: { serial: given.value } } } : refusal(given.error.code)
  }

  async function admit({ remote, value, answer, signal }: ServiceCall): Answer {
    const member = memberIn(value.member)
    if (member === null) return refusal('bad-value')
    if (own.role() !== 'main') return refusal('not-main')
    const [identity, , label] = member
    if (own.authority()?.standings.get(identity)?.type === 'member') {
      // Nothing to grant, and nothing that could be taken back afterwards.
      const given = await ports.admitting.admit(member)
      return given.ok ? { ok: true, value: writeAdmitted(given.value) } : refusal(given.error.code)
    }
    const root = own.root()
    const checks = root === null ? [] : synodChecks({ root, identities: [member], moves: [] })
    // Whoever is listed for a person to see has asked for it.
    const valid = await verify(checks)
    if (checks.length === 0 || !valid.every(Boolean)) return refusal('member-invalid')
    signal.throwIfAborted()
    answer({ value: {} })
    const asked = { type: 'join', identity, label, via: remote, at: clock.now() } as const
    const work = async () => {
      const given = await ports.admitting.admit(member)
      if (!given.ok)
        throw new EffigyError(given.error.code, `The device was not listed (${given.error.code}).`)
      return given.value
    }
    const granted = await requests.ask(asked, work, signal)
    if (!granted.ok) return refusal(granted.error.code)
    admitted.set(identity, { via: remote, atMs: clock.monotonic() })
    return { ok: true, value: writeAdmitted(granted.value) }
  }

  /** Only what was listed just now, by the device through which it was. */
  async function withdraw({ remote, value }: ServiceCall): Answer {
    const member = memberIn(value.member)
    const known = member === null ? undefined : admitted.get(member[0])
    if (member === null) return refusal('bad-value')
    if (own.role() !== 'main') return refusal('not-main')
    if (known?.via !== remote || clock.monotonic() - known.atMs > withdrawMs) return refusal('too-late')
    admitted.delete(member[0])
    const done = await ports.admitting.withdraw(member)
    return done.ok ? { ok: true, value: { value: {} } } : refusal(done.error.code)
  }

  return {
    name: accountService,
    isFor: atLeast('own'),
    methods: { leave, sightings: seen, take, serial: async (call) => serial(call), admit, withdraw },
  }
}

/** What another device says that a third one signed; the signature is checked elsewhere. */
function memberIn(value: unknown): SynodMember | null {
  if (!Array.isArray(value) || value.length !== 5) return null
  const [name, box, label, serial, signature] = value as readonly unknown[]
  const identity = typeof name === 'string' ? parseIdentity(name) : null
  const isWhole = isBytes(box, 32) && isBytes(signature, 64) && typeof label === 'string'
  if (identity === null || !isWhole || typeof serial !== 'number') return null
  // A person reads it before they grant anything.
  if (utf8(label).length > maxLabelBytes || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(label)) return null
  return [identity, box, label, serial, signature]
}

function isBytes(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length <= 2 * length && parseBase64url(value)?.length === length
}

export function refusal(code: string): { readonly ok: false; readonly error: ServiceRefusal } {
  return { ok: false, error: { code, retryMs: null } }
}
