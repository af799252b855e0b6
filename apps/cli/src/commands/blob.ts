/**
 * `blob add`, `blob get`: files by themselves, named by what they hold.
 *
 * @module
 */
import { Command } from 'commander'
import { demandBlob, parseRoot } from '../blobs.ts'
import { failure } from '../failure.ts'
import { fileChunks } from '../input.ts'
import { sizeText } from '../item-view.ts'
import { help, say } from '../messages.ts'
import type { Run } from '../run.ts'
import { demandFree, writeWholeFile } from '../write-file.ts'

export function blobCommand(run: Run): Command {
  return new Command('blob').description(help.blob).addCommand(addCommand(run)).addCommand(getCommand(run))
}

/** Why a file that no entry shows is kept: its owner asked for it. */
const pin = 'pin'

function addCommand(run: Run): Command {
  return new Command('add')
    .description(help.blobAdd)
    .argument('<file>', help.fileOrStdin)
    .action((path: string, _options: object, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const { output, signal } = context
        const added = await peer.addFile(fileChunks(context, path), {
          signal,
          onProgress: (progress) => output.progress(say.reading, progress),
        })
        peer.store.hold(added.root, pin)
        output.clear()
        if (added.removed.length > 0) output.note(say.metadataRemoved(path, added.removed.join(', ')))
        output.json({ cid: added.root, size: added.size, removed: added.removed, image: added.image })
        output.line(added.root)
      }),
    )
}

interface GetOptions {
  readonly output?: string
  readonly range?: string
  readonly force?: boolean
}

function getCommand(run: Run): Command {
  return new Command('get')
    .description(help.blobGet)
    .argument('<cid>', help.cid)
    .option('-o, --output <file>', help.outputFile)
    .option('--range <a-b>', help.range)
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
        await demandBlob(context, peer, root)
        const { output, signal } = context
        const bytes = peer.readFile(root, { ...range, signal })
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

/** `0-99`: first and last byte, as in HTTP; `100-`: from there to the end. Throws `bad-range`. */
export function parseRange(typed: string): { readonly offset: number; readonly length?: number } {
  const [, first = '', last = ''] = /^(\d{1,15})-(\d{0,15})$/.exec(typed) ?? []
  if (first === '') throw failure('bad-range', typed)
  const offset = Number(first)
  if (last === '') return { offset }
  if (Number(last) < offset) throw failure('bad-range', typed)
  return { offset, length: Number(last) - offset + 1 }
}
