/**
 * `blob add | get | pin | unpin | pins`: files by themselves, named by what they hold.
 *
 * @module
 */
import { type Cid, type FileSecret, fileSecret } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { Command } from 'commander'
import { findEntry } from '../arguments.ts'
import { demandBlob, parseRoot } from '../blobs.ts'
import { failure } from '../failure.ts'
import { fileChunks } from '../input.ts'
import { sizeText } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'
import { demandFree, writeWholeFile } from '../write-file.ts'

export function blobCommand(run: Run): Command {
  return new Command('blob')
    .description(help.blob)
    .addCommand(addCommand(run))
    .addCommand(getCommand(run))
    .addCommand(pinCommand(run))
    .addCommand(unpinCommand(run))
    .addCommand(pinsCommand(run))
}

function addCommand(run: Run): Command {
  return new Command('add')
    .description(help.blobAdd)
    .argument('<file>', help.fileOrStdin)
    .option('--as-is', help.asIs)
    .action((path: string, { asIs = false }: { readonly asIs?: boolean }, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const { output, signal } = context
        const added = await peer.addFile(fileChunks(context, path), {
          keepMedia: asIs,
          signal,
          onProgress: (progress) => output.progress(say.reading, progress),
        })
        // No entry shows it: it is kept because its owner asked for it.
        peer.pin(added.root)
        output.clear()
        if (added.removed.length > 0) output.note(say.metadataRemoved(path, added.removed.join(', ')))
        else if (added.metadata === 'unknown' && !asIs) output.note(say.metadataUnknown(path))
        output.json({
          cid: added.root,
          size: added.size,
          removed: added.removed,
          metadata: added.metadata,
          image: added.image,
        })
        output.line(added.root)
      }),
    )
}

interface GetOptions {
  readonly output?: string
  readonly range?: string
  readonly entry?: string
  readonly force?: boolean
}

function getCommand(run: Run): Command {
  return new Command('get')
    .description(help.blobGet)
    .argument('<cid>', help.cid)
    .option('-o, --output <file>', help.outputFile)
    .option('--range <a-b>', help.range)
    .option('--entry <entry>', help.blobEntry)
    .option('--force', help.force)
    .action((typed: string, options: GetOptions, command: Command) =>
      run(command, async (context) => {
        const root = parseRoot(typed)
        const range = options.range === undefined ? {} : parseRange(options.range)
        const target = options.output === '-' ? undefined : options.output
        const force = options.force ?? false
        if (target !== undefined) demandFree(target, force)
        else if (context.io.stdout.isTTY === true) throw failure('terminal-binary')
        await using peer = await context.openPeer()
        // It may have come by now, and not be open yet.
        if (options.entry !== undefined) await peer.conversations.opened()
        const secret = options.entry === undefined ? {} : { secret: secretOf(peer, options.entry, root) }
        await demandBlob(context, peer, root)
        const { output, signal } = context
        const bytes = peer.readFile(root, { ...range, ...secret, signal })
        if (target === undefined) {
          for await (const chunk of bytes) await output.bytes(chunk)
          return
        }
        const size = await writeWholeFile(target, bytes, { force, signal })
        output.json({ cid: root, file: target, size })
        output.line(say.wrote(target, sizeText(size)))
      }),
    )
}

/** What opens a file, as an entry that shows it says. Throws `file-not-of-entry`, and what `findEntry` throws. */
function secretOf(peer: Peer, typed: string, root: Cid): FileSecret {
  const { state } = findEntry(peer, typed)
  const secret = state.type === 'shown' ? fileSecret(state.payload, root) : null
  if (secret === null) throw failure('file-not-of-entry', root)
  return secret
}

function pinCommand(run: Run): Command {
  return new Command('pin')
    .description(help.blobPin)
    .argument('<cid>', help.cid)
    .action((typed: string, _options: object, command: Command) =>
      run(command, async (context) => {
        const root = parseRoot(typed)
        await using peer = await context.openPeer()
        // First: what stays away now comes with one of the next connections.
        peer.pin(root)
        await demandBlob(context, peer, root)
        context.output.json({ cid: root, pinned: true })
        context.output.line(say.blobPinned(root))
      }),
    )
}

function unpinCommand(run: Run): Command {
  return new Command('unpin')
    .description(help.blobUnpin)
    .argument('<cid>', help.cid)
    .action((typed: string, _options: object, command: Command) =>
      run(command, async (context) => {
        const root = parseRoot(typed)
        await using peer = await context.openPeer()
        peer.unpin(root)
        const isHere = peer.store.hasBlock(root)
        context.output.json({ cid: root, pinned: false, here: isHere })
        context.output.line(isHere ? say.blobStillHeld(root) : say.blobUnpinned(root))
      }),
    )
}

function pinsCommand(run: Run): Command {
  return new Command('pins').description(help.blobPins).action((_options: object, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      for (const root of peer.pins()) {
        const state = peer.store.blobState(root)
        const bytes = state.type === 'complete' ? state.bytes : null
        context.output.json({ cid: root, state: state.type, size: bytes })
        context.output.line(`${(bytes === null ? state.type : sizeText(bytes)).padStart(10)}  ${root}`)
      }
      await context.output.drained()
    }),
  )
}

/** `0-99`: first and last byte, as in HTTP; `100-`: from there to the end. Throws `bad-range`. */
export function parseRange(typed: string): { readonly offset: number; readonly length?: number } {
  const [, first = '', last = ''] = /^(\d{1,15})-(\d{0,15})$/.exec(typed) ?? []
  if (first === '') throw failure('bad-range', typed)
  const offset = Number(first)
  if (last === '') return { offset }
  if (Number(last) < offset) throw failure('bad-range', typed)
  return { offset, length: Number(last) - offset + 1 }
}
