/**
 * The two texts of a backup, and what stands beside them for people (spec Z8).
 *
 *     store ─▶ account.json, keys.json ─parse▶ the same, or null
 *
 * @module
 */
import {
  encodeBase64url,
  type Identity,
  type Json,
  parseBase64url,
  parseIdentity,
  parseRoot,
  parseStrictJson,
  parseUtf8,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import type { BackupAccount, BackupFeed, BackupKeys } from './backup.ts'

export const readmeName = 'README.txt'
export const accountName = 'account.json'
export const keysName = 'keys.json'

const namePrefix = 'did:key:'
const feedForm = /^feeds\/(own|others)\/(z[1-9A-HJ-NP-Za-km-z]{1,60})\.car$/

export function feedName({ identity, own }: Pick<BackupFeed, 'identity' | 'own'>): string {
  return `feeds/${own ? 'own' : 'others'}/${identity.slice(namePrefix.length)}.car`
}

/** Null for files of another kind. */
export function parseFeedName(name: string): Pick<BackupFeed, 'identity' | 'own'> | null {
  const [, place, text] = feedForm.exec(name) ?? []
  const identity = text === undefined ? null : parseIdentity(namePrefix + text)
  return identity === null ? null : { identity, own: place === 'own' }
}

/** Keys that are asked of the store at a time. */
const pageLength = 1_000

export function keysOf(store: Store, feeds: Iterable<Identity>): BackupKeys {
  const content: BackupKeys['content'][number][] = []
  for (let below: number | null = null; store.contentKeys !== undefined; ) {
    const page = store.contentKeys.list({ limit: pageLength, ...(below === null ? {} : { below }) })
    for (const { giver, conversation, generation, key } of page) {
      content.push({ giver, conversation, generation, key: encodeBase64url(key) })
    }
    below = page.at(-1)?.id ?? null
    if (below === null) break
  }
  const own: BackupKeys['feeds'][number][] = []
  for (const identity of feeds) {
    for (const { feed, epoch, key } of store.feedKeys?.of(identity) ?? []) {
      own.push({ feed, epoch, key: encodeBase64url(key) })
    }
  }
  return { v: 1, content: content.reverse(), feeds: own }
}

export function stateOf(store: Pick<Store, 'deviceValues'>): BackupAccount['state'] {
  const state: (readonly [string, Json])[] = []
  for (let after: string | null = null; ; ) {
    const page = store.deviceValues('', { after, limit: pageLength })
    for (const { key, value } of page) state.push([key, value])
    const last = page.at(-1)?.key ?? null
    if (last === null) return state
    after = last
  }
}

export function writeContents(value: BackupAccount | BackupKeys): Uint8Array {
  return utf8(`${writeStrictJson(value as unknown as Json)}\n`)
}

/** `version`: written by a newer program. */
export function parseAccount(bytes: Uint8Array): BackupAccount | 'version' | null {
  const value = parseObject(bytes)
  if (value === null || value === 'version') return value
  const { v, at, device, root, identity, devices, hubs, follows, groups, state } = value
  const isWhole =
    v === 1 &&
    Number.isSafeInteger(at) &&
    isIdentity(device) &&
    isNullOr(root, isRoot) &&
    isNullOr(identity, isIdentity) &&
    isList(devices, isDevice) &&
    isList(hubs, isText) &&
    isList(follows, isPerson) &&
    isList(groups, isGroup) &&
    isList(state, isStateValue)
  // Each field was looked at just now.
  return isWhole ? (value as unknown as BackupAccount) : null
}

export function parseKeys(bytes: Uint8Array): BackupKeys | 'version' | null {
  const value = parseObject(bytes)
  if (value === null || value === 'version') return value
  const isWhole = value.v === 1 && isList(value.content, isContentKey) && isList(value.feeds, isFeedKey)
  return isWhole ? (value as unknown as BackupKeys) : null
}

type Fields = Readonly<Record<string, Json>>
type Check = (value: Json | undefined) => boolean

function parseObject(bytes: Uint8Array): Fields | 'version' | null {
  const parsed = parseStrictJson(parseUtf8(bytes)?.replace(/\n$/, '') ?? '')
  const value = parsed.ok ? fieldsOf(parsed.value) : null
  if (value !== null && typeof value.v === 'number' && value.v > 1) return 'version'
  return value
}

function fieldsOf(value: Json | undefined): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isIdentity: Check = (value) => typeof value === 'string' && parseIdentity(value) !== null
const isRoot: Check = (value) => typeof value === 'string' && parseRoot(value) !== null
const isSecret: Check = (value) => isBytes(value, 32)
const isNullOr = (value: Json | undefined, check: Check): boolean => value === null || check(value)
const isList = (value: Json | undefined, check: Check): boolean => Array.isArray(value) && value.every(check)

function isBytes(value: Json | undefined, length: number): boolean {
  return typeof value === 'string' && value.length <= 2 * length && parseBase64url(value)?.length === length
}

const isDevice: Check = (value) => {
  const device = fieldsOf(value)
  return isIdentity(device?.identity) && isText(device?.label) && typeof device?.main === 'boolean'
}

const isPerson: Check = (value) => {
  const account = fieldsOf(value)
  return account !== null && isIdentity(account.identity) && isNullOr(account.root, isRoot)
}

const isGroup: Check = (value) => {
  const group = fieldsOf(value)
  return isBytes(group?.id, 16) && isText(group?.name) && isList(group?.members, isPerson)
}

const isStateValue: Check = (value) => Array.isArray(value) && value.length === 2 && isText(value[0])

const isContentKey: Check = (value) => {
  const key = fieldsOf(value)
  return (
    isIdentity(key?.giver) &&
    isBytes(key?.conversation, 16) &&
    isNumber(key?.generation) &&
    isSecret(key?.key)
  )
}

const isFeedKey: Check = (value) => {
  const key = fieldsOf(value)
  return isIdentity(key?.feed) && isNumber(key?.epoch) && isSecret(key?.key)
}

export const readmeText = `A backup of Effigy.

You have opened it already: it was an age file (https://age-encryption.org), and in it an ordinary tar.

    age -d backup.age | tar -x                    asks for the passphrase
    age -d -i recovery.key backup.age | tar -x    with the recovery key of the account

account.json    who made it: account, devices, hubs, whom you follow, petnames and other things that your devices share
keys.json       what opens the private notes and feeds below: secrets, as good as the notes themselves
feeds/own/      what each of your devices wrote, with the pictures and files
feeds/others/   what others wrote, if that was asked for

Each .car file is one feed, a CARv1 archive as IPFS tools read it. Its root is the newest head record; the entries, their
texts and the files are blocks of it, each named by its hash. Entries are signed JSON: the first line is the entry, the
second its signature. A file named .car of a private feed holds sealed entries, which the feed's key in keys.json opens.

\`effigy restore --from backup.age\` reads it whole. There is no key of a device and no word of your account in it: to write
as yourself again you need the words, or the friends who hold parts of them.
`
