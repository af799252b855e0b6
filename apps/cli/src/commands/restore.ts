/**
 * `restore`: the account on a new device, when all others are gone (spec Z30 to Z32).
 *
 *     words │ parts ─find▶ account, its devices ─a person says which are lost▶ move ─▶ everything is fetched
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import {
  type FoundAccount,
  type FoundDevice,
  type ImportedFeed,
  importFeeds,
  type TakenContents,
} from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import { Command, Option } from 'commander'
import { demandAccount } from '../account.ts'
import { backupKey, openBackupFile } from '../backup-file.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { canAsk, confirm, demandFile, fileChunks, readPhrase } from '../input.ts'
import { localTime } from '../item-view.ts'
import {
  recoveryHelp as help,
  help as helpAll,
  vaultHelp as helpVault,
  recoverySay as say,
  say as sayAll,
} from '../messages/index.ts'
import { deadline, type MetHub, settle } from '../network.ts'
import { askHidden } from '../passphrase.ts'
import { gather, type Run, wholeNumber } from '../run.ts'
import { demandWhole, keepHubs, looksLikeBackup, takeBackup } from '../take-backup.ts'
import { calmLine } from '../terminal-text.ts'
import { combineHere } from './recovery/request.ts'
import { fetchHistory } from './synod/history.ts'
import { parseLabel, usualLabel } from './synod/labels.ts'
import { meetDevices } from './synod/meet.ts'

interface RestoreOptions {
  readonly phraseFile?: string
  readonly shares?: boolean
  readonly friend?: readonly string[]
  readonly from?: string
  readonly backupPassphraseFile?: string
  readonly keep?: readonly string[]
  readonly label?: string
  readonly timeout?: number
  readonly yes?: boolean
}

export function restoreCommand(run: Run): Command {
  return new Command('restore')
    .description(help.restore)
    .option('--phrase-file <file>', help.restorePhrase)
    .addOption(new Option('--shares', help.shares).conflicts('phraseFile'))
    .option('--friend <address>', help.friend, gather)
    .option('--from <file>', help.from)
    .option('--backup-passphrase-file <file>', helpVault.backupPassphraseFile)
    .option('--keep <device>', help.keep, gather)
    .option('--label <label>', help.label, parseLabel)
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .option('--yes', helpAll.yes)
    .action((options: RestoreOptions, command: Command) =>
      run(command, async (context) => {
        if (options.from !== undefined) demandFile(options.from)
        // Before anything is opened, so that a pipe is read whoever waits.
        const typed = options.shares === true ? null : await typedPhrase(context, options.phraseFile)
        await using peer = await context.openPeer({ verifyThreads: 1 })
        if (peer.account.show() !== null) {
          throw new EffigyError(
            'has-account',
            'This home belongs to an account already. Restore in a new one.',
          )
        }
        using limit = deadline(context, options.timeout ?? context.config.settings.timeout)
        const taken = options.from === undefined ? whole : await importFrom(context, peer, options, typed)
        const met = await meet(context, peer, options, limit.signal)
        const phrase = typed ?? (await combineHere(context, peer, limit.signal)).phrase
        const found = await peer.recovery.find(phrase, { signal: limit.signal })
        const keep = keptDevices(found, options.keep ?? [])
        tellFound(context, found, keep)
        const lost = found.devices
          .filter((device) => !keep.includes(device))
          .map(({ label }) => calmLine(label))
        const plan = lost.length === 0 ? say.restorePlanNone : say.restorePlan(lost.join(', '))
        await confirm(context, options.yes ?? false, 'Restoring', plan)
        await peer.account.move({
          phrase,
          keep: keep.map(({ identity }) => identity),
          label: options.label ?? usualLabel(),
          signal: limit.signal,
        })
        peer.recovery.forget()
        await settle(peer, context, met ?? [], limit.signal)
        if (met !== null) await history(context, peer, limit.signal)
        tell(context, peer, met !== null)
        demandWhole(taken, options.from ?? '')
      }),
    )
}

async function typedPhrase(context: Context, path: string | undefined): Promise<string> {
  if (path !== undefined) return await readPhrase(context, path)
  if (!canAsk(context)) throw failure('phrase-file-needed')
  return (await askHidden(context.io, say.askWords)).trim()
}

/** Null: nobody could be asked, and there is a file to restore from. */
async function meet(
  context: Context,
  peer: NodePeer,
  { friend, from }: RestoreOptions,
  signal: AbortSignal,
): Promise<readonly MetHub[] | null> {
  const isNamed = friend !== undefined || context.config.hubs.length > 0
  if (from !== undefined && !isNamed) return null
  return await meetDevices(peer, context, friend === undefined ? {} : { at: friend }, signal)
}

const whole: Pick<TakenContents, 'failed'> = { failed: [] }

/** An archive of `export`, or a backup, which opens by the words or by its passphrase. */
async function importFrom(
  context: Context,
  peer: NodePeer,
  { from: path = '', backupPassphraseFile }: RestoreOptions,
  phrase: string | null,
): Promise<Pick<TakenContents, 'failed'>> {
  const { output, signal } = context
  if (looksLikeBackup(path)) {
    await using opened = await openBackupFile(
      context,
      path,
      await backupKey(context, path, backupPassphraseFile, phrase),
    )
    keepHubs(context, opened.backup)
    const taken = await takeBackup(context, peer, opened.backup, path)
    noteWaiting(context, taken.feeds)
    return taken
  }
  const imported = await importFeeds({
    store: peer.store,
    self: peer.identity,
    crypto: createNodeCrypto(),
    open: () => fileChunks(context, path),
    signal,
    onProgress: (progress) => output.progress(sayAll.checking, progress),
  })
  output.clear()
  if (!imported.ok) throw failure('import-damaged', path, imported.error.detail)
  noteWaiting(context, imported.value)
  return whole
}

function noteWaiting({ output }: Context, feeds: readonly ImportedFeed[]): void {
  for (const { identity, waiting } of feeds)
    if (waiting > 0) output.note(sayAll.importedWaiting(identity, sayAll.entries(waiting)))
}

/** Throws `device-unknown`. */
function keptDevices({ devices }: FoundAccount, typed: readonly string[]): readonly FoundDevice[] {
  return typed.map((name) => {
    const found = devices.find(({ label, identity }) => label === name || identity === name)
    if (found === undefined) throw failure('device-unknown', calmLine(name))
    return found
  })
}

function tellFound({ output }: Context, found: FoundAccount, keep: readonly FoundDevice[]): void {
  const { root, identity, name, devices } = found
  output.json({ type: 'found', root, identity, name, devices })
  output.line(say.found(name === '' ? say.unnamed : calmLine(name)))
  for (const device of devices) {
    const label = calmLine(device.label)
    const { final, lastAt } = device
    const line =
      final === null || lastAt === null
        ? say.deviceUnknown(label)
        : say.device(label, sayAll.entries(final[1]), localTime(lastAt))
    output.line(keep.includes(device) ? `${line} (${say.stays})` : line)
  }
}

/** Of the devices that are gone nobody is an own one any more: what hubs and friends have is all there is. */
async function history(context: Context, peer: NodePeer, signal: AbortSignal): Promise<void> {
  const others = peer.account.show()?.members.length ?? 0
  if (others > 1) await fetchHistory(context, peer, signal)
}

function tell({ output }: Context, peer: NodePeer, wasAsked: boolean): void {
  const { root, identity, moves, members, revoked } = demandAccount(peer)
  const feeds = [...members, ...revoked].map((device) => peer.store.feed(device.identity))
  const held = feeds.reduce((sum, feed) => sum + (feed?.heldCount ?? 0), 0)
  output.json({ type: 'restored', root, identity, moves: moves.length, entries: held })
  output.line(say.restored)
  output.line(sayAll.entries(held))
  if (!wasAsked) output.note(say.alone)
}
