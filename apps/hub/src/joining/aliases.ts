/**
 * Names that the hub gives to accounts of its members (spec W25).
 *
 *     claim ─free? few enough?▶ bucket `alias-owners`: root ─▶ names, then bucket `aliases`: name ─▶ {root, released}
 *
 * The name's own record decides; a list of an account may name one that it did not get, and is read so.
 *
 * @module
 */
import { isAliasName, parseRoot, type Root } from '@effigy/core'
import type { Clock, ServiceRefusal } from '@effigy/sync'
import type { HubBucket } from '../ports/hub-store.ts'
import { parseJson, recordOf } from '../ports/record-json.ts'

export interface Aliases {
  /** Null: nobody has it. */
  ownerOf(name: string): Promise<Root | null>
  /** Null: that account has it. */
  claim(name: string, root: Root): Promise<ServiceRefusal | null>
  /** `root`: whose it must be; null for the operator. */
  release(name: string, root: Root | null): Promise<ServiceRefusal | null>
  namesOf(root: Root): Promise<readonly string[]>
  /** All, by name: `after` the last one of the page before. */
  page(
    after: string | null,
    limit: number,
  ): Promise<{
    readonly aliases: readonly { readonly name: string; readonly root: Root }[]
    readonly next: string | null
  }>
}

export interface AliasesPorts {
  readonly aliases: HubBucket
  readonly owners: HubBucket
  readonly clock: Pick<Clock, 'now'>
}

interface AliasRecord {
  readonly root: Root
  /** When it was given back, ms since 1970; null: it was not. */
  readonly released: number | null
}

/** Of one account. */
export const maxNames = 3

/** Ms in which a name that was given back goes to nobody else: what was sent to it goes to no stranger at once. */
export const restMs: number = 30 * 24 * 60 * 60 * 1000

const maxTries = 8

/** Names that people would take for whoever runs the hub, or for all of it (RFC 2142, and our own). */
const reserved: ReadonlySet<string> = new Set(
  (
    'abuse admin administrator alert all anonymous api app billing bot contact effigy everybody everyone ftp guest help ' +
    'here home hostmaster hub info invite mail mailer-daemon me moderator mod news nobody noc noreply no-reply null ' +
    'official operator owner password payment postmaster privacy register root sales security service settings ' +
    'staff status support sysadmin system team terms test undefined user verify webmaster well-known www you'
  ).split(' '),
)

const refusal = (code: string, retryMs: number | null = null): ServiceRefusal => ({ code, retryMs })

export function createAliases({ aliases, owners, clock }: AliasesPorts): Aliases {
  async function read(
    name: string,
  ): Promise<{ readonly record: AliasRecord | null; readonly revision: number }> {
    const found = await aliases.get(name)
    return { record: found === null ? null : parseAliasRecord(found.value), revision: found?.revision ?? 0 }
  }

  async function ownerOf(name: string): Promise<Root | null> {
    const { record } = await read(name)
    return record?.released === null ? record.root : null
  }

  async function readNames(
    root: Root,
  ): Promise<{ readonly names: readonly string[]; readonly revision: number }> {
    const found = await owners.get(root)
    const listed = found === null ? [] : parseJson(found.value)
    const names = Array.isArray(listed) ? listed.filter((name): name is string => isName(name)) : []
    const roots = await Promise.all(names.map(ownerOf))
    return { names: names.filter((_, at) => roots[at] === root), revision: found?.revision ?? 0 }
  }

  async function claim(name: string, root: Root): Promise<ServiceRefusal | null> {
    if (!isAliasName(name)) return refusal('bad-name')
    if (reserved.has(name)) return refusal('taken')
    for (let tries = 0; tries < maxTries; tries++) {
      const { record, revision } = await read(name)
      if (record !== null && record.root !== root) {
        const isResting = record.released !== null && clock.now() < record.released + restMs
        if (record.released === null || isResting) return refusal('taken')
      }
      if (record?.root === root && record.released === null) return null
      const own = await readNames(root)
      if (own.names.length >= maxNames) return refusal('too-many')
      const list = JSON.stringify([...own.names, name])
      if (!(await owners.put(root, list, { revision: own.revision })).ok) continue
      const written: AliasRecord = { root, released: null }
      if ((await aliases.put(name, JSON.stringify(written), { revision })).ok) return null
    }
    return refusal('busy', 1_000)
  }

  async function release(name: string, root: Root | null): Promise<ServiceRefusal | null> {
    if (!isAliasName(name)) return refusal('bad-name')
    for (let tries = 0; tries < maxTries; tries++) {
      const { record, revision } = await read(name)
      if (record === null || record.released !== null) return refusal('absent')
      if (root !== null && record.root !== root) return refusal('absent')
      const released = clock.now()
      const written = JSON.stringify({ root: record.root, released } satisfies AliasRecord)
      if ((await aliases.put(name, written, { revision, expiresMs: released + restMs })).ok) return null
    }
    return refusal('busy', 1_000)
  }

  return {
    ownerOf,
    claim,
    release,
    async namesOf(root) {
      return (await readNames(root)).names
    },
    async page(after, limit) {
      const { records, next } = await aliases.list({ limit, ...(after === null ? {} : { after }) })
      const given = records.flatMap(({ key, value }) => {
        const record = parseAliasRecord(value)
        return record?.released === null ? [{ name: key, root: record.root }] : []
      })
      return { aliases: given, next }
    },
  }
}

function parseAliasRecord(text: string): AliasRecord | null {
  const { root, released } = recordOf(parseJson(text))
  const owner = typeof root === 'string' ? parseRoot(root) : null
  return owner === null || (released !== null && typeof released !== 'number')
    ? null
    : { root: owner, released }
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && isAliasName(name)
}
