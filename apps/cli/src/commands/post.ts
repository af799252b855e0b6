/**
 * `post`: a note, an answer, or one note a line of standard input.
 *
 * What it prints is on disk: an id that was shown is never lost (T1).
 *
 * @module
 */

import type { Comment, ImageFile, PublicNote, Reference } from '@effigy/core'
import type { Peer, Published } from '@effigy/peer'
import type { Item } from '@effigy/store'
import { Command } from 'commander'
import { findEntry } from '../arguments.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { readStdinText, readText, stdinLines } from '../input.ts'
import { help, say } from '../messages/index.ts'
import { addPicture } from '../pictures.ts'
import { gather, type Run } from '../run.ts'

interface PostOptions {
  readonly image?: readonly string[]
  readonly alt?: readonly string[]
  readonly tag?: readonly string[]
  readonly reply?: string
  readonly cw?: string
  readonly eachLine?: boolean
}

/** Notes on their way to the disk at once: they share its fsyncs. */
const maxInFlight = 256

export function postCommand(run: Run): Command {
  return new Command('post')
    .description(help.post)
    .argument('[text]', help.postText)
    .option('--image <file>', help.image, gather)
    .option('--alt <text>', help.alt, gather)
    .option('--tag <tag>', help.tag, gather)
    .option('--reply <entry>', help.reply)
    .option('--cw <text>', help.cw)
    .option('--each-line', help.eachLine)
    .action((text: string | undefined, options: PostOptions, command: Command) =>
      run(command, async (context) => {
        checkOptions(text, options)
        await using peer = await context.openPeer()
        const target = options.reply === undefined ? null : findEntry(peer, options.reply)
        const write = (words: string, images: readonly ImageFile[]) =>
          peer.publish(noteOf(words, images, target, options, context.io.clock.now()))
        if (options.eachLine === true) {
          await postLines(context, write)
        } else {
          const words = await textOf(context, text, options)
          show(context, await write(words, await addPictures(context, peer, options)))
        }
      }),
    )
}

function checkOptions(text: string | undefined, { image = [], alt = [], eachLine }: PostOptions): void {
  if (alt.length > image.length) throw failure('usage', 'There are more --alt than --image')
  if (eachLine !== true) return
  if (text !== undefined && text !== '-')
    throw failure('usage', '--each-line reads standard input and takes no TEXT')
  if (image.length > 0) throw failure('usage', '--each-line and --image do not go together')
}

async function textOf(
  context: Context,
  text: string | undefined,
  { image = [] }: PostOptions,
): Promise<string> {
  const hasPictures = image.length > 0
  const words =
    text !== undefined
      ? await readText(context, text)
      : hasPictures || context.io.stdin.isTTY === true
        ? ''
        : await readStdinText(context)
  if (words.trim() === '' && !hasPictures)
    throw failure('usage', 'There is nothing to post: give TEXT, or - to read it')
  return words
}

async function addPictures(
  context: Context,
  peer: Peer,
  options: PostOptions,
): Promise<readonly ImageFile[]> {
  const added: ImageFile[] = []
  for (const [index, path] of (options.image ?? []).entries()) {
    added.push(await addPicture(context, peer, path, options.alt?.[index] ?? ''))
  }
  return added
}

/** Ids come in the order of the lines, each once its note is on disk. */
async function postLines(
  context: Context,
  write: (words: string, images: readonly ImageFile[]) => Promise<Published>,
): Promise<void> {
  const inFlight: Promise<Published>[] = []
  async function showOldest(): Promise<void> {
    const oldest = inFlight.shift()
    if (oldest !== undefined) show(context, await oldest)
    await context.output.drained()
  }
  try {
    for await (const line of stdinLines(context)) {
      const written = write(line, [])
      // Looked at in order, below; an early failure must not count as nobody's.
      written.catch(() => {})
      inFlight.push(written)
      if (inFlight.length >= maxInFlight) await showOldest()
    }
  } finally {
    // What was begun gets written in any case, so it is also told.
    while (inFlight.length > 0) await showOldest()
  }
}

function show({ output }: Context, { cid, content, record }: Published): void {
  output.json({ entry: cid, content, length: record.head.length })
  output.line(say.posted(cid))
}

function noteOf(
  text: string,
  images: readonly ImageFile[],
  target: Item | null,
  { tag = [], cw }: PostOptions,
  at: number,
): PublicNote | Comment {
  const note = {
    at,
    text,
    ...(tag.length === 0 ? {} : { tags: tag.map((one) => one.replace(/^#/, '')) }),
    ...(images.length === 0
      ? {}
      : { attachments: images.map((image) => ({ type: 'image' as const, ...image })) }),
    ...(cw === undefined ? {} : { cw }),
  }
  if (target === null) return { type: 'public_note', ...note }
  return { type: 'comment', ...note, target: referenceTo(target), thread: threadOf(target) }
}

function referenceTo({ identity, content, cid }: Item): Reference {
  return { identity, content, entry: cid, synod: null }
}

/** What the whole conversation hangs from; null when that is the target itself. */
function threadOf({ state }: Item): Reference | null {
  if (state.type !== 'shown' || state.payload.type !== 'comment') return null
  return state.payload.thread ?? state.payload.target
}
