/**
 * Aliases: names that a hub gives to accounts, as hints where to look (spec W20-W23).
 *
 *     alice@hub.example ─parseAlias▶ {name, host} ─asked at that host▶ {alias, hub, synod, root, at} ⏎ signature of the hub
 *
 * The hub's word alone proves nothing: the account's own profile has to list the alias too.
 *
 * @module
 */
import { parseRoot, type Root } from '../account/keys.ts'
import { type Identity, identityKey } from '../names.ts'
import type { SignatureCheck, Signer } from '../ports.ts'
import type { Result } from '../result.ts'
import { recordMessage, sign, writeRecord } from '../signing.ts'
import { type JsonObject, writeStrictJson } from '../strict-json.ts'
import {
  decodeServiceRecord,
  identityOf,
  type ServiceRecordFault,
  type Signed,
  wholeOf,
} from './read-record.ts'

/** What a hub says of one of its names. */
export interface AliasClaim {
  /** The name alone: whoever asked knows which host they asked. */
  readonly alias: string
  readonly hub: Identity
  /** The account's key, as the hub knew it then, and its root. */
  readonly synod: Identity
  readonly root: Root
  /** When it was signed, ms on the hub's clock. */
  readonly at: number
}

/** As people write it. */
export interface Alias {
  readonly name: string
  /** Lower case, a port behind it where it is not 443. */
  readonly host: string
}

/** More than one can be. */
export const maxAliasRecordBytes = 512

/** Characters of a name. */
export const maxAliasNameLength = 32

/** Characters of a whole alias: a name, `@`, a host with its port. */
export const maxAliasLength = 128

const nameForm = /^[a-z0-9](?:[._-]?[a-z0-9])+$/
const hostForm =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?$/

/** 2 to 32 of `a`-`z`, `0`-`9`, and single `.`, `_`, `-` between them. */
export function isAliasName(name: string): boolean {
  return name.length <= maxAliasNameLength && nameForm.test(name)
}

/** Takes upper case for lower, and an `@` before it; null where a text is no alias. A name of a host in other letters is written as `xn--…`. */
export function parseAlias(text: string): Alias | null {
  if (text.length > maxAliasLength + 2) return null
  const [name = '', host = '', ...more] = text.trim().toLowerCase().replace(/^@/, '').split('@')
  if (more.length > 0 || name.length + host.length >= maxAliasLength) return null
  const port = Number(hostForm.exec(host)?.[1] ?? (hostForm.test(host) ? 1 : 0))
  // 443 is left unsaid, so that an alias has one spelling.
  return isAliasName(name) && port > 0 && port < 65_536 && port !== 443 ? { name, host } : null
}

/** The one spelling, without an `@` before it. */
export function writeAlias({ name, host }: Alias): string {
  return `${name}@${host}`
}

/** Throws a RangeError for a name that is none. */
export async function signAlias(claim: AliasClaim, signer: Signer): Promise<Uint8Array> {
  if (!isAliasName(claim.alias)) throw new RangeError('no name for an alias')
  return writeRecord(writeStrictJson(aliasFields(claim)), await sign('alias', aliasFields(claim), signer))
}

/** The signature is not verified: see `aliasCheck`. */
export function decodeAlias(bytes: Uint8Array): Result<Signed<AliasClaim>, ServiceRecordFault> {
  return decodeServiceRecord<AliasClaim>(bytes, maxAliasRecordBytes, {
    alias: (value) => (typeof value === 'string' && isAliasName(value) ? value : null),
    hub: identityOf,
    synod: identityOf,
    root: (value) => (typeof value === 'string' ? parseRoot(value) : null),
    at: wholeOf,
  })
}

/** By purpose `alias`: valid, or that hub never said so. */
export function aliasCheck({ claim, signature }: Signed<AliasClaim>): SignatureCheck {
  const record = writeRecord(writeStrictJson(aliasFields(claim)), signature)
  return { publicKey: identityKey(claim.hub), message: recordMessage('alias', record), signature }
}

function aliasFields({ alias, hub, synod, root, at }: AliasClaim): JsonObject {
  return { v: 1, alias, hub, synod, root, at }
}
