/**
 * The service `account`, for devices of the same account alone (spec Y17).
 *
 *     sightings {identity} → {seen} ‖ heads        leave {} ‖ head → {}, once a person has granted it
 *     take {root, n} ‖ key → {}, once it is in the vault
 *
 * @module
 */
import {
  type Final,
  finalOfHead,
  type HeadRecord,
  headCheck,
  type Identity,
  parseIdentity,
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
import { accountService } from './ask-own.ts'
import type { OwnAccount } from './own-account.ts'
import type { Requests } from './requests.ts'
import type { Sightings } from './sightings.ts'

export interface AccountServicePorts {
  readonly store: Pick<Store, 'feed'>
  readonly verify: Crypto['verify']
  readonly clock: Pick<Clock, 'now'>
  readonly own: OwnAccount
  readonly requests: Requests
  readonly sightings: Pick<Sightings, 'of'>
  /** Keeps the key that is handed over; null, or why not. */
  readonly take: (seed: Uint8Array, n: number) => Promise<string | null>
  /** Writes the state without that device. */
  readonly letGo: (identity: Identity, final: Final | null) => Promise<unknown>
}

type Answer = ReturnType<Service['methods'][string]>

export function createAccountService(ports: AccountServicePorts): Service {
  const { store, verify, clock, own, requests, sightings } = ports

  async function leave({ remote, bytes, signal }: ServiceCall): Answer {
    if (own.role() !== 'main') return refusal('not-main')
    const told = await headOf(remote, bytes)
    if (told === undefined) return refusal('bad-value')
    // What it never told us counts too, if we hold it: who leaves takes nothing with it.
    const head = told ?? store.feed(remote)?.record ?? null
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

  return {
    name: accountService,
    isFor: atLeast('own'),
    methods: { leave, sightings: seen, take },
  }
}

export function refusal(code: string): { readonly ok: false; readonly error: ServiceRefusal } {
  return { ok: false, error: { code, retryMs: null } }
}
