/**
 * What a person wrote, for anybody to read without this app: a page, the same as data, and the pictures.
 *
 *     own entries, newest first ─▶ index.html, notes.json, pictures/* ─▶ zip
 *
 * @module
 */
import type { Cid, FileSecret, Identity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { spokenLanguage } from '../../../words/language.ts'
import { type ReadableNote, type ReadablePicture, readablePage } from './readable-page.ts'
import { writeZip, type ZipFile } from './zip.ts'

export interface ReadableOptions {
  /** All own devices. */
  readonly identities: readonly Identity[]
  readonly name: string
  readonly signal: AbortSignal
  /** In files. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

interface Picture {
  readonly root: Cid
  readonly file: string
  readonly secret: FileSecret | null
}

const pageLength = 200

const ends: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/jpeg': 'jpg',
}

/** A ZIP archive. Rejects with the signal's reason, and RangeError where it does not fit. */
export async function* readableExport(
  peer: RemotePeer,
  { identities, name, signal, onProgress }: ReadableOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const pictures: Picture[] = []
  const notes: (ReadableNote & { readonly payload: unknown })[] = []
  for (const identity of identities) {
    for await (const { at, text, type, images, payload } of written(peer, identity, signal)) {
      const shown: ReadablePicture[] = []
      for (const { blob, mime, alt, secret } of images) {
        const isThere = await isHere(peer, blob, signal)
        const file = `pictures/${pictures.length + 1}.${ends[mime] ?? 'bin'}`
        if (isThere) pictures.push({ root: blob, file, secret: secret ?? null })
        shown.push({ file: isThere ? file : null, alt })
      }
      notes.push({ at, text, type, pictures: shown, payload })
    }
  }
  notes.sort((a, b) => b.at - a.at)
  const total = pictures.length + 2

  async function* files(): AsyncGenerator<ZipFile, void> {
    let done = 0
    const told = (file: ZipFile): ZipFile => {
      signal.throwIfAborted()
      onProgress({ done: done++, total })
      return file
    }
    yield told({ name: 'index.html', bytes: encoded(readablePage(name, spokenLanguage(), notes)) })
    yield told({ name: 'notes.json', bytes: encoded(asJson(name, identities, notes)) })
    for (const { root, file, secret } of pictures) {
      const options = { signal, ...(secret === null ? {} : { secret }) }
      yield told({ name: file, bytes: peer.readFile(root, options) })
    }
    onProgress({ done: total, total })
  }
  yield* writeZip(files(), Date.now())
}

/** Whether its first byte can be read. */
async function isHere(peer: RemotePeer, root: Cid, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const _piece of peer.readFile(root, { length: 1, signal })) break
    return true
  } catch {
    signal.throwIfAborted()
    return false
  }
}

interface Image {
  readonly blob: Cid
  readonly mime: string
  readonly alt: string
  readonly secret?: FileSecret
}

interface Written {
  readonly at: number
  readonly text: string
  readonly type: string
  readonly images: readonly Image[]
  readonly payload: unknown
}

/** What has a text or pictures; opened where this person may read it. */
async function* written(
  peer: RemotePeer,
  identity: Identity,
  signal: AbortSignal,
): AsyncGenerator<Written, void> {
  let after: Awaited<ReturnType<RemotePeer['query']['feedItems']>>['next'] = null
  do {
    signal.throwIfAborted()
    const page: Awaited<ReturnType<RemotePeer['query']['feedItems']>> = await peer.query.feedItems(identity, {
      limit: pageLength,
      after,
    })
    for (const { state } of page.items) {
      if (state.type !== 'shown') continue
      const { payload } = state
      const text = 'text' in payload && typeof payload.text === 'string' ? payload.text : ''
      const attached =
        'attachments' in payload && Array.isArray(payload.attachments) ? payload.attachments : []
      const images = attached.filter((one): one is Image & { type: 'image' } => one?.type === 'image')
      if (text === '' && images.length === 0) continue
      yield { at: Number(payload.at), text, type: payload.type, images, payload }
    }
    after = page.next
  } while (after !== null)
}

function* asJson(
  name: string,
  devices: readonly Identity[],
  notes: readonly (ReadableNote & { readonly payload: unknown })[],
): Generator<string, void> {
  yield `{"name":${JSON.stringify(name)},"devices":${JSON.stringify(devices)},"notes":[`
  for (const [at, note] of notes.entries()) yield `${at === 0 ? '' : ','}\n${JSON.stringify(note)}`
  yield '\n]}\n'
}

function* encoded(texts: Iterable<string>): Generator<Uint8Array, void> {
  const encoder = new TextEncoder()
  for (const text of texts) yield encoder.encode(text)
}
