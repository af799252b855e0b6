/**
 * What may stand in a private feed: nothing that an entry names may be in the clear outside of it (spec X21).
 *
 *     detached text in the clear ─▶ stands in its entry from now on: its content id stays
 *     encrypted text, files with a secret ─▶ as they are      a file in the clear ─▶ refused
 *
 * @module
 */
import {
  type Cid,
  classifyPayload,
  EffigyError,
  type Entry,
  err,
  ok,
  parseRawCid,
  parseUtf8,
  payloadBlobs,
  type RawCid,
  type Result,
  readPayload,
} from '@effigy/core'

export interface Carried {
  readonly payload: string
  readonly links: Entry['links']
  /** The detached text, where it is here and small. */
  readonly body: Uint8Array | null
}

/** `clear-files`: it names what anybody could read; `absent`: its text is not here. */
export type Unsealable = 'clear-files' | 'absent'

/** The same as it may stand in a sealed entry; how large that is, its caller looks at. */
export function sealable(
  carried: Carried,
  block: (cid: RawCid) => Uint8Array | null,
): Result<Carried, Unsealable> {
  const { payload, links, body } = carried
  const kind = classifyPayload(payload)
  if (kind === 'inline') return readable(payload, links) ? ok(carried) : err('clear-files')
  const name = kind === 'detached' ? parseRawCid(payload) : null
  if (name === null) return ok(carried)
  const bytes = body ?? block(name)
  const text = bytes === null ? null : parseUtf8(bytes)
  if (text === null) return err('absent')
  if (!text.startsWith('{')) return ok(carried)
  const others = links.slice(1)
  return readable(text, others) ? ok({ payload: text, links: others, body: null }) : err('clear-files')
}

/** Whether all that a text in the clear links to is encrypted. */
function readable(text: string, links: Entry['links']): boolean {
  const read = readPayload(text, { sealed: true })
  if (!read.ok) return links.length === 0 && read.error.code !== 'payload-clear'
  const files = new Set<Cid>(payloadBlobs(read.value))
  return links.every(([cid]) => files.has(cid))
}

export function notSealable(why: Unsealable): EffigyError {
  const message =
    why === 'absent'
      ? 'The text of this entry is not on this device, so it cannot stand in a private feed. Fetch it first.'
      : 'In a private feed files are encrypted. Add the file encrypted, or publish it from a feed that everybody reads.'
  return new EffigyError('not-sealable', message)
}
