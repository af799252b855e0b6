/**
 * `import`: feeds from a file of `export` or `backup`, every byte of them checked first.
 *
 * @module
 */

import { createNodeCrypto } from '@effigy/crypto/node'
import { importFeeds, type TakenContents } from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import { Command, Option } from 'commander'
import { backupKey, openBackupFile } from '../backup-file.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { demandFile, fileChunks, readPhrase } from '../input.ts'
import { createNames } from '../item-view.ts'
import { help, vaultHelp as helpVault, say } from '../messages/index.ts'
import type { Run } from '../run.ts'
import { demandWhole, looksLikeBackup, takeBackup } from '../take-backup.ts'

interface Options {
  readonly backupPassphraseFile?: string
  readonly phraseFile?: string
}

export function importCommand(run: Run): Command {
  return new Command('import')
    .description(help.import)
    .argument('<file>', help.importFile)
    .option('--backup-passphrase-file <file>', helpVault.backupPassphraseFile)
    .addOption(
      new Option('--phrase-file <file>', helpVault.backupPhraseFile).conflicts('backupPassphraseFile'),
    )
    .action((path: string, options: Options, command: Command) =>
      run(command, async (context) => {
        demandFile(path)
        await using peer = await context.openPeer()
        const { output } = context
        const taken = looksLikeBackup(path)
          ? await fromBackup(context, peer, path, options)
          : await fromArchive(context, peer, path)
        const names = createNames(peer)
        for (const feed of taken.feeds) {
          output.json(feed)
          const name = names.label(feed.identity)
          output.line(say.imported(name, say.entries(feed.added)))
          if (feed.waiting > 0) output.line(say.importedWaiting(name, say.entries(feed.waiting)))
        }
        demandWhole(taken, path)
        const forked = taken.feeds.find(({ outcome }) => outcome === 'forked')
        if (forked !== undefined) throw failure('feed-forked', names.label(forked.identity))
      }),
    )
}

async function fromArchive(context: Context, peer: NodePeer, path: string): Promise<TakenContents> {
  const { output, signal } = context
  const imported = await importFeeds({
    store: peer.store,
    self: peer.identity,
    crypto: createNodeCrypto(),
    open: () => fileChunks(context, path),
    signal,
    onProgress: (progress) => output.progress(say.checking, progress),
  })
  output.clear()
  if (!imported.ok) throw failure('import-damaged', path, imported.error.detail)
  return { feeds: imported.value, failed: [] }
}

async function fromBackup(
  context: Context,
  peer: NodePeer,
  path: string,
  { phraseFile, backupPassphraseFile }: Options,
): Promise<TakenContents> {
  const phrase = phraseFile === undefined ? null : await readPhrase(context, phraseFile)
  const key = await backupKey(context, path, backupPassphraseFile, phrase)
  await using opened = await openBackupFile(context, path, key)
  return await takeBackup(context, peer, opened.backup, path)
}
