/**
 * What people write who mean harm, in every place that somebody else's words can come to.
 *
 *     corpus ─▶ notes, answers, pictures, files, albums, messages, a group, names ─▶ tellAll(friend, reader) ─▶ where it shows
 *
 * @module
 */
import type { Identity, Payload } from '@effigy/core'
import { sharedVectors } from '@effigy/testkit/node'
import { makePicture } from '../demo/pictures/make.ts'
import type { Friend } from './friend.ts'

/** Markup, schemes, directions, and what breaks programs. */
const own: readonly string[] = [
  '<script>window.harmed = 1</script>',
  '<img src=x onerror="window.harmed = 1">',
  '<svg onload=window.harmed=1><a xlink:href="javascript:window.harmed=1">x</a></svg>',
  '[press me](javascript:window.harmed=1) [or me](data:text/html,<script>window.harmed=1</script>)',
  '![tracked](https://tracker.example/pixel.png) <https://tracker.example/?a=1>',
  '</bdi></div><iframe srcdoc="<script>parent.harmed=1</script>"></iframe>',
  '\u202eevil\u202c \u2066isolated',
  '{{name}} <b>{{count}}</b> $t(app:name) %{window.harmed=1}',
  `${'> '.repeat(60)}deep`,
  `${'['.repeat(400)}(`,
  'javascript:window.harmed=1 data:text/html,x',
]

const public_ = (name: string, read: (json: unknown) => readonly string[]): readonly string[] => {
  const found: unknown = sharedVectors(name)
  return found === null ? [] : read(typeof found === 'string' ? JSON.parse(found) : found)
}

/** Public corpora where they are present (`../shared/vectors`): naughty strings, and payloads against sanitizers. */
export const corpus: readonly string[] = [
  ...own,
  ...public_('blns/blns.json', (json) => json as readonly string[]),
  ...public_('dompurify/half.json', (json) =>
    (json as readonly { readonly payload: string }[]).map(({ payload }) => payload),
  ),
].filter((text) => text.trim() !== '')

/** UTF-16 units of one line; ours hold no character that a cut could halve. */
export const oneLine = (text: string, length: number): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a line may not hold
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').slice(0, length)

/** Markup that harms wherever it becomes an element, as short as a device's label allows. */
export const markup = {
  /** 96 bytes. */
  name: '<img src=x onerror="window.harmed = 1"><script>harmed=1</script>',
  /** 24 bytes. */
  label: '<svg onload=harmed=1>',
  text: own.slice(0, 6).join('\n\n'),
} as const

async function* once(bytes: Uint8Array) {
  yield bytes
}

/** All of it, in a few parts. */
const parts = (count: number, length: number): readonly string[] =>
  Array.from({ length: count }, (_, part) =>
    corpus
      .filter((_text, index) => index % count === part)
      .join('\n\n')
      .slice(0, length)
      // No half of a character: entries hold none.
      .toWellFormed(),
  )

/** Addresses inside the app at which it is shown, and what stands there for sure. */
export interface Told {
  readonly albums: readonly string[]
  readonly thread: string
  readonly group: string
}

export async function tellAll(friend: Friend): Promise<Pick<Told, 'albums' | 'thread'>> {
  const { peer } = friend
  const signal = AbortSignal.timeout(30_000)
  const at = Date.now() - 1_000_000
  for (const [index, text] of [...parts(6, 60_000), ...own].entries()) {
    await friend.publish({
      type: 'public_note',
      at: at + index * 1_000,
      text,
      tags: ['garden', oneLine(text, 24).trim() || 'tag'],
      ...(index % 3 === 0 ? { cw: oneLine(text, 80).trim() || 'warning' } : {}),
    } as Payload)
  }

  const { bytes, mime, width, height, thumbhash } = makePicture({ type: 'scene', scene: 'bay', seed: '1' })
  const { root } = await peer.addFile(once(bytes), { signal })
  const pictures = parts(3, 1_000).map((alt) => ({
    ...{ type: 'image', blob: root, mime, width, height, thumbhash },
    alt: `${markup.name} ${alt}`,
  }))
  const files = own.map((name) => ({
    ...{ type: 'media', kind: 'document', blob: root, mime: 'application/pdf', bytes: bytes.length },
    name: oneLine(name, 200).trim(),
    alt: name,
  }))
  const note = await friend.publish({
    ...{ type: 'public_note', at: Date.now(), text: markup.text },
    attachments: [...pictures, ...files.slice(0, 5)],
  } as Payload)
  const target = { identity: peer.identity, content: note.content, entry: note.cid, synod: null }
  for (const text of own)
    await friend.publish({ type: 'comment', at: Date.now(), text, target, thread: null })

  const albums: string[] = []
  const paths = own.map((name, index) => `${oneLine(name, 60).replaceAll(/[/\\]/g, '-')}${index}.jpg`)
  const content = [bytes]
  const directory = await peer.addDirectory(
    paths.map((path) => ({ path, content })),
    { signal },
  )
  for (const name of [markup.name, ...own.slice(3, 5)]) {
    const album = await friend.publish({
      ...{ type: 'collection', at: Date.now(), root: directory.root, name: oneLine(name, 200), alt: name },
      ...{ count: paths.length, bytes: directory.size },
    } as Payload)
    albums.push(`/albums/${peer.identity}/${album.content}`)
  }
  return { albums, thread: `/n/${peer.identity}/${note.content}` }
}

/** To one person, and in a group with them. */
export async function writeTo(friend: Friend, reader: Identity): Promise<Pick<Told, 'group'>> {
  const { conversations, groups } = friend.peer
  const bytes = new TextEncoder().encode('sealed')
  const signal = AbortSignal.timeout(30_000)
  const { root, secret } = await friend.peer.addFile(once(bytes), { signal, encrypted: true })
  const file = {
    ...{ type: 'media', kind: 'document', blob: root, mime: 'application/pdf', bytes: bytes.length, secret },
    ...{ name: markup.name, alt: markup.text },
  }
  for (const text of parts(3, 8_000)) await conversations.write([reader], { text })
  await conversations.write([reader], {
    text: markup.text,
    cw: markup.name,
    attachments: [file],
  } as Parameters<typeof conversations.write>[1])
  const group = await groups.create({ name: markup.name, members: [{ identity: reader }] })
  await conversations.answer(`g${group}`, { text: markup.text })
  return { group: `/talks/in/g${group}` }
}
