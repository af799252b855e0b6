/**
 * `export`: a feed into a file that can be carried by hand.
 *
 * @module
 */

import { createNodeCrypto } from '@effigy/crypto/node'
import { exportFeed } from '@effigy/peer'
import { writeCar } from '@effigy/store'
import { Command } from 'commander'
import { findIdentity } from '../arguments.ts'
import { failure } from '../failure.ts'
import { createNames } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'
import { demandFree, writeWholeFile } from '../write-file.ts'

interface ExportOptions {
  readonly output: string
  readonly blobs?: boolean
  readonly force?: boolean
}

export function exportCommand(run: Run): Command {
  return new Command('export')
    .description(help.export)
    .argument('[id]', help.person)
    .requiredOption('-o, --output <file>', help.exportFile)
    .option('--blobs', help.withBlobs)
    .option('--force', help.force)
    .action((id: string | undefined, options: ExportOptions, command: Command) =>
      run(command, async (context) => {
        const { output, signal } = context
        const force = options.force ?? false
        const isPiped = options.output === '-'
        if (!isPiped) demandFree(options.output, force)
        else if (context.io.stdout.isTTY === true) throw failure('terminal-binary')
        await using peer = await context.openPeer()
        const identity = id === undefined ? peer.identity : findIdentity(peer, id)
        const { sha256 } = createNodeCrypto()
        const total = peer.store.feed(identity)?.heldCount ?? 0
        const exported = exportFeed(peer.store, identity, {
          blobs: options.blobs ?? false,
          sha256,
          onEntry: (done) => output.progress(say.writing, { done, total }),
        })
        if (exported === null) throw failure('feed-absent', createNames(peer).label(identity))
        const car = writeCar(exported.roots, exported.blocks)
        if (isPiped) {
          for await (const piece of car) await output.bytes(piece)
          return
        }
        const size = await writeWholeFile(options.output, car, { force, signal })
        const { entries, missingEntries, missingFiles } = exported.report
        output.clear()
        output.json({ identity, file: options.output, entries, size, missingEntries, missingFiles })
        output.line(say.exported(say.entries(entries), options.output))
        if (missingEntries > 0) output.note(say.entriesMissing(say.entries(missingEntries)))
        if (missingFiles > 0) output.note(say.blobsMissing(say.fileCount(missingFiles)))
      }),
    )
}
