/**
 * Fetches a public note, and the files that it shows, from the hub that serves this page; each is checked before it is shown.
 *
 * @module
 */
import { type Cid, type Identity, isRawCid, type RawCid, rawCid } from '@effigy/core'
import { sha256 } from '@noble/hashes/sha2.js'
import { checkNote, type PublicNote } from './check-note.ts'

/** Characters of an answer. */
const maxAnswerLength = 2_000_000

/** Bytes of a file. */
const maxFileBytes: number = 4 * 1024 * 1024

export interface NoteName {
  readonly identity: Identity
  readonly content: RawCid
}

/** Null: nobody can read it here: it is not public, was taken back, or this hub does not have it. */
export async function readNote(name: NoteName, signal: AbortSignal): Promise<PublicNote | null> {
  const response = await ask('note', { of: name.identity, content: name.content }, signal)
  if (!response.ok) return null
  const text = await response.text()
  if (text.length > maxAnswerLength) return null
  const { createNobleCrypto } = await import('@effigy/crypto/noble')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return checkNote(value, name, createNobleCrypto())
}

/** Null: it is not here, is not the file of that name, or no picture that may be decoded (I41): hubs are not believed. */
export async function readPublicFile(
  name: NoteName,
  file: Cid,
  mime: string,
  signal: AbortSignal,
): Promise<Blob | null> {
  const response = await ask('file', { of: name.identity, content: name.content, file }, signal)
  if (!response.ok || Number(response.headers.get('content-length') ?? 0) > maxFileBytes) return null
  const bytes = new Uint8Array(await response.arrayBuffer())
  const named = isRawCid(file) ? rawCid(bytes, sha256) : await nameOfLarge(bytes, signal)
  if (named !== file) return null
  const { imageVerdict, isShowable } = await import('@effigy/core/images')
  if (!isShowable(imageVerdict(bytes))) return null
  return new Blob([bytes], { type: harmless.has(mime) ? mime : '' })
}

/** Of what a browser shows and does not run. */
const harmless: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
])

/** Cut into parts as every publisher does, it has to come to the same name. */
async function nameOfLarge(bytes: Uint8Array, signal: AbortSignal): Promise<Cid> {
  const { importFile } = await import('@effigy/store')
  const blocks = new Map<Cid, Uint8Array>()
  const { cid } = await importFile(
    [bytes],
    {
      get: (block) => blocks.get(block) ?? null,
      has: (block) => blocks.has(block),
      put: (block, part) => void blocks.set(block, part),
    },
    { signal },
  )
  return cid
}

function ask(
  what: 'note' | 'file',
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`/.well-known/effigy/${what}?${new URLSearchParams(query)}`, {
    signal,
    credentials: 'omit',
    cache: 'no-store',
  })
}
