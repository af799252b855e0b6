/**
 * Asks the host of an alias whom it means (spec W23). What comes is a hint: `open-joining.ts` asks the account, too.
 *
 *     alice@hub.example ─GET▶ {alias, hub, address, record} ─signed by that hub? that name? of today?▶ AliasClaim
 *
 * @module
 */
import {
  type Alias,
  type AliasClaim,
  aliasCheck,
  decodeAlias,
  err,
  ok,
  parseUtf8,
  type Result,
  utf8,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Clock } from '@effigy/sync'
import { parsePeerAddress } from '../address.ts'
import type { AliasFault, FetchAlias } from './joining.ts'

export interface AskAliasPorts {
  readonly fetchAlias: FetchAlias
  readonly verify: Crypto['verify']
  readonly clock: Pick<Clock, 'now' | 'after'>
}

export interface AliasWord {
  readonly claim: AliasClaim
  /** With the hub behind its `#`; on the host that was asked. */
  readonly address: string
}

/** Bytes of an answer: one record and an address fit four times. */
export const maxAliasAnswerBytes = 4096

/** Ms for all of it. */
export const aliasMs = 10_000

/** Ms between the hub's clock and ours. */
const maxAgeMs: number = 24 * 60 * 60 * 1000

export const aliasPath = '/.well-known/effigy/alias'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/

/** What a person types who means a machine of their own network. */
const localHost =
  /^(?:localhost|[0-9.]+|\[[0-9a-f:.]+\]|[a-z0-9-]+|.*\.(?:local|lan|home\.arpa|internal))(?::\d+)?$/

/** Rejects with the signal's reason alone. */
export async function askAlias(
  { name, host }: Alias,
  { fetchAlias, verify, clock }: AskAliasPorts,
  signal: AbortSignal,
): Promise<Result<AliasWord, AliasFault>> {
  const late = new AbortController()
  using _timer = clock.after(aliasMs, () => late.abort())
  const url = `${loopback.test(host) ? 'http' : 'https'}://${host}${aliasPath}?name=${name}`
  if (URL.parse(url) === null) return err({ code: 'alias-invalid' })
  let answer: Awaited<ReturnType<FetchAlias>>
  try {
    answer = await fetchAlias(url, {
      isLocal: localHost.test(host),
      maxBytes: maxAliasAnswerBytes,
      signal: AbortSignal.any([signal, late.signal]),
    })
  } catch {
    signal.throwIfAborted()
    return err({ code: 'alias-unreachable' })
  }
  if (!answer.ok) return answer
  const { status, body } = answer.value
  if (status === 429) return err({ code: 'alias-too-fast' })
  const read = status === 200 ? readAnswer(body, name, host) : null
  if (read === null) return err({ code: 'alias-bad-answer' })
  if (read === 'unknown') return err({ code: 'alias-unknown' })
  const [isValid] = await verify([read.check])
  if (isValid !== true) return err({ code: 'alias-bad-answer' })
  if (Math.abs(clock.now() - read.word.claim.at) > maxAgeMs) return err({ code: 'alias-stale' })
  return ok(read.word)
}

function readAnswer(body: Uint8Array, name: string, host: string) {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { alias, address, record } = value as Record<string, unknown>
  if (alias !== name || typeof address !== 'string') return null
  if (record === null) return 'unknown'
  const decoded = typeof record === 'string' ? decodeAlias(utf8(record)) : null
  const parsed = parsePeerAddress(address)
  if (decoded?.ok !== true || !parsed.ok) return null
  const { claim } = decoded.value
  // Who is asked may not send us on: to another host, into a network of ours, to somebody else.
  const isThere = URL.parse(parsed.value.url)?.hostname === URL.parse(`ws://${host}`)?.hostname
  if (!isThere || parsed.value.expect !== claim.hub || claim.alias !== name) return null
  return { check: aliasCheck(decoded.value), word: { claim, address } }
}

function parseJson(body: Uint8Array): unknown {
  const text = body.length > maxAliasAnswerBytes ? null : parseUtf8(body)
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
