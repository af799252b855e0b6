/**
 * `import`: feeds from a file, every byte of them checked first.
 *
 * @module
 */

import { createNodeCrypto } from '@effigy/crypto/node'
import { Command } from 'commander'
import { failure } from '../failure.ts'
import { importFeeds } from '../import-feed.ts'
import { demandFile, fileChunks } from '../input.ts'
import { createNames } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'

export function importCommand(run: Run): Command {
  return new Command('import')
    .description(help.import)
    .argument('<file>', help.importFile)
    .action((path: string, _options: object, command: Command) =>
      run(command, async (context) => {
        demandFile(path)
        await using peer = await context.openPeer()
        const { output, signal } = context
        const imported = await importFeeds({
          store: peer.store,
          crypto: createNodeCrypto(),
          open: () => fileChunks(context, path),
          signal,
          onProgress: (progress) => output.progress(say.checking, progress),
        })
        output.clear()
        if (!imported.ok) throw failure('import-damaged', path, imported.error.detail)
        const names = createNames(peer)
        for (const feed of imported.value) {
          output.json(feed)
          output.line(say.imported(names.label(feed.identity), say.entries(feed.added)))
        }
        const forked = imported.value.find(({ outcome }) => outcome === 'forked')
        if (forked !== undefined) throw failure('feed-forked', names.label(forked.identity))
      }),
    )
}
