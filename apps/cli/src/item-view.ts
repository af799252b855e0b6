/**
 * Entries as people and programs read them.
 *
 *     Item ─itemJson▶ one stable object        Item ─itemLines▶ a few calm lines
 *
 * @module
 */
import {
  type Attachment,
  type Identity,
  type Payload,
  type RawCid,
  type Root,
  shortName,
  withoutSecrets,
} from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { Item } from '@effigy/store'
import { say } from './messages/index.ts'
import { calmLine, calmText, type Paint } from './terminal-text.ts'

/** Characters of a name's end that are shown. */
const shownEnd = 8

/** The object of `--json` for an entry; fields are only ever added. */
export interface ItemJson {
  /** The entry's CID; changes when something before it is edited or deleted. */
  readonly entry: RawCid
  /** CID of what it says; stays. */
  readonly content: RawCid
  readonly author: Identity
  /** As the author calls themselves; null when that is not known. */
  readonly authorName: string | null
  /** The account that the author's device belongs to; null: none is known. */
  readonly account: Root | null
  /** What that account calls the device. */
  readonly device: string | null
  /** Position in the feed, from 1. */
  readonly length: number
  readonly comparable: number
  /** ms; the order of lists: the lesser of `comparable` and when this device first saw it. */
  readonly sort: number
  readonly verified: boolean
  readonly state: Item['state']['type']
  /** Null unless `state` is `shown`. */
  readonly type: string | null
  /** Keys in it are null. */
  readonly payload: object | null
  /** Why it cannot be read, when `state` is `fault`. */
  readonly fault: string | null
}

export interface AccountName {
  readonly root: Root
  /** The device's; null for one that is no member any more, or a key. */
  readonly device: string | null
}

export interface Names {
  /** What the person calls themselves, in one harmless line; null when unknown or empty. */
  nameOf(identity: Identity): string | null
  /** The name and the end of the identity, or of the account, one for all its devices: names can be copied, these cannot. */
  label(identity: Identity): string
  /** Null: no account of that identity is known. */
  account(identity: Identity): AccountName | null
}

/** Looks each name up once. */
export function createNames({
  query,
  store,
  account: { of },
}: Pick<Peer, 'query' | 'store' | 'account'>): Names {
  const known = new Map<Identity, string | null>()
  const accounts = new Map<Identity, AccountName | null>()
  function nameOf(identity: Identity): string | null {
    const before = known.get(identity)
    if (before !== undefined) return before
    const state = query.profile(identity)?.state
    const payload = state?.type === 'shown' ? state.payload : null
    const own = payload?.type === 'identification' ? calmLine(payload.name).trim() : ''
    const root = account(identity)?.root
    const said = root === undefined ? null : (store.synods?.account(root)?.current?.state ?? null)
    const name = own === '' ? calmLine(said?.name ?? '').trim() : own
    known.set(identity, name === '' ? null : name)
    return name === '' ? null : name
  }
  function account(identity: Identity): AccountName | null {
    const before = accounts.get(identity)
    if (before !== undefined) return before
    const found = of(identity)
    const device = found?.devices.find((each) => each.identity === identity)?.label ?? null
    const named =
      found === null ? null : { root: found.root, device: device === null ? null : calmLine(device) }
    accounts.set(identity, named)
    return named
  }
  return {
    nameOf,
    account,
    label(identity) {
      const name = nameOf(identity)
      const end = (account(identity)?.root ?? identity).slice(-shownEnd)
      return name === null ? `…${end}` : `${name} (…${end})`
    },
  }
}

export function itemJson(item: Item, names: Names): ItemJson {
  const { state } = item
  return {
    entry: item.cid,
    content: item.content,
    author: item.identity,
    authorName: names.nameOf(item.identity),
    account: names.account(item.identity)?.root ?? null,
    device: names.account(item.identity)?.device ?? null,
    length: item.length,
    comparable: item.comparable,
    sort: item.sort,
    verified: item.verified,
    state: state.type,
    type: state.type === 'shown' ? state.payload.type : null,
    payload: state.type === 'shown' ? withoutSecrets(state.payload) : null,
    fault: state.type === 'fault' ? state.code : null,
  }
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Local time, as the machine's language writes it. */
export function localTime(ms: number): string {
  return calmLine(when.format(ms)).replaceAll('\ufffd', ' ')
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** The local day, as the machine's language writes it. */
export function localDay(ms: number): string {
  return calmLine(day.format(ms)).replaceAll('\ufffd', ' ')
}

/** A heading, then what the entry says, indented. */
export function itemLines(item: Item, names: Names, paint: Paint): readonly string[] {
  const marks = [
    localTime(item.sort),
    `…${shortName(item.cid)}`,
    ...(item.verified ? [] : [say.unverified]),
    ...(item.state.type === 'shown' && item.state.payload.was !== undefined ? [say.edited] : []),
  ]
  const heading = `${paint('bold', names.label(item.identity))}  ${paint('dim', marks.join(' · '))}`
  return [heading, ...stateLines(item, names, paint).map((line) => `  ${line}`), '']
}

function stateLines({ state }: Item, names: Names, paint: Paint): readonly string[] {
  switch (state.type) {
    case 'shown':
      return payloadLines(state.payload, names, paint)
    case 'missing':
      return [paint('dim', say.missing)]
    case 'erased':
      return [paint('dim', say.erased)]
    case 'encrypted':
      return [paint('dim', say.encrypted)]
    case 'fault':
      return [paint('dim', say.fault(state.code))]
  }
}

function payloadLines(payload: Payload, names: Names, paint: Paint): readonly string[] {
  const dim = (text: string) => paint('dim', text)
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment': {
      const answered =
        payload.type === 'comment' ? [dim(`↳ ${say.answers} ${names.label(payload.target.identity)}`)] : []
      const warning = payload.cw === undefined ? [] : [paint('yellow', `⚠ ${calmLine(payload.cw)}`)]
      const words = payload.text === '' ? [] : calmText(payload.text).trimEnd().split('\n')
      const attached = (payload.attachments ?? []).map((one) => dim(`[${attachmentText(one)}]`))
      const tags = (payload.tags ?? []).map((tag) => `#${calmLine(tag)}`).join(' ')
      return [...answered, ...warning, ...words, ...attached, ...(tags === '' ? [] : [dim(tags)])]
    }
    case 'identification':
      return [`${payload.type}: ${calmLine(payload.name)}`, ...aboutLines(payload.about)]
    case 'follow':
    case 'block':
    case 'mute':
      return [`${payload.value ? '' : 'not '}${payload.type} ${names.label(payload.target.identity)}`]
    case 'image':
      return [dim(`[${say.picture(payload.width, payload.height, calmLine(payload.alt))} ${payload.blob}]`)]
    case 'media':
    case 'collection':
      return [dim(`[${attachmentText(payload)}]`)]
    case 'tag':
      return [`${payload.labels.map(calmLine).join(' ')} ↳ ${names.label(payload.target.identity)}`]
    case 'erase':
      return [dim(`erase: ${payload.targets.length}`)]
    default:
      return [dim(calmLine(payload.type))]
  }
}

function aboutLines(about: string): readonly string[] {
  return about === '' ? [] : calmText(about).split('\n')
}

/** Kinds unknown here show their name alone. */
function attachmentText(one: Attachment): string {
  switch (one.type) {
    case 'image':
      return `${say.picture(one.width, one.height, calmLine(one.alt))} ${one.blob}`
    case 'media':
      return `${calmLine(one.name ?? one.kind)} ${sizeText(one.bytes)} ${one.blob}`
    case 'collection':
      return `${calmLine(one.name)}/ ${say.fileCount(one.count)}, ${sizeText(one.bytes)} ${one.root}`
    case 'reference':
      return `“${shortName(one.content)}”`
    default:
      return calmLine(one.type)
  }
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes for people: `12 B`, `3.4 MiB`. */
export function sizeText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
