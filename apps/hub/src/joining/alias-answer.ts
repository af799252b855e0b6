/**
 * `/.well-known/effigy/alias?name=`: whom a name of this hub means, signed (spec W23).
 *
 *     name ─pace of the address▶ owner ─account known here?▶ {alias, hub, synod, root, at} ⏎ signature, kept for ten minutes
 *
 * @module
 */
import { type AliasClaim, type Identity, isAliasName, parseUtf8, type Root } from '@effigy/core'
import { type Clock, createPaces } from '@effigy/sync'
import { type Answer, json } from '../http/answer.ts'
import type { Aliases } from './aliases.ts'

export interface AliasAnswerPorts {
  readonly aliases: Pick<Aliases, 'ownerOf'>
  readonly hub: Identity
  /** The key in power of an account; null: no state of it is here. */
  readonly synodOf: (root: Root) => Identity | null
  readonly sign: (claim: AliasClaim) => Promise<Uint8Array>
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}

/** `address`: of the WebSocket, for whoever asks. `client`: an IPv4 address or an IPv6 /64. */
export type AnswerAlias = (asked: {
  readonly target: string
  readonly address: string
  readonly client: string
}) => Promise<Answer>

/** Of one client, and of all: a signature is a tenth of a millisecond. */
const clientPace = { perSecond: 1, burst: 30 }
const sharedPace = { perSecond: 200, burst: 400 }

/** Clients whose pace is remembered. */
const clientsKept = 10_000

/** Ms; the one who asks takes it for a day. */
const keptMs = 600_000
const maxKept = 4_096

export function createAliasAnswer({ aliases, hub, synodOf, sign, clock }: AliasAnswerPorts): AnswerAlias {
  const ofClient = createPaces({ ...clientPace, kept: clientsKept, clock })
  const ofAll = createPaces({ ...sharedPace, kept: 1, clock })
  const kept = new Map<string, { readonly claim: AliasClaim; readonly record: string }>()

  async function recordOf(alias: string): Promise<string | null> {
    const root = await aliases.ownerOf(alias)
    const synod = root === null ? null : synodOf(root)
    if (root === null || synod === null) return null
    const at = clock.now()
    const before = kept.get(alias)
    const isFresh = before !== undefined && Math.abs(at - before.claim.at) < keptMs
    if (isFresh && before.claim.root === root && before.claim.synod === synod) return before.record
    const claim: AliasClaim = { alias, hub, synod, root, at }
    const record = parseUtf8(await sign(claim)) ?? ''
    kept.delete(alias)
    kept.set(alias, { claim, record })
    const oldest = kept.size > maxKept ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    return record
  }

  return async ({ target, address, client }) => {
    const waitMs = ofClient(client) || ofAll('')
    if (waitMs > 0) {
      const answer = json(429, { error: 'too-fast' })
      const seconds = String(Math.ceil(waitMs / 1_000))
      return { ...answer, headers: { ...answer.headers, 'Retry-After': seconds } }
    }
    const names = new URLSearchParams(target.split('?')[1] ?? '').getAll('name')
    const [name] = names
    if (name === undefined || names.length > 1 || !isAliasName(name)) return json(400, { error: 'bad-name' })
    return json(200, { alias: name, hub, address, record: await recordOf(name) })
  }
}
