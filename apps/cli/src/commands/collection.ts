/**
 * `collection add | get | list`: whole folders, named by what they hold.
 *
 * @module
 */
import { basename, join, resolve } from 'node:path'
import { type Cid, err } from '@effigy/core'
import type { NodePeer } from '@effigy/peer/node'
import {
  type Blocks,
  type DirectoryEntry,
  fileSize,
  type ImportedDirectory,
  importDirectory,
  listDirectory,
} from '@effigy/store'
import { Command } from 'commander'
import { demandBlob, demandListing, parseRoot } from '../blobs.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { type FolderReport, folderSources } from '../folder.ts'
import { sizeText } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'
import { demandFolder, enterFolder, isSafeName } from '../safe-path.ts'
import { calmLine } from '../terminal-text.ts'
import { demandFree, writeWholeFile } from '../write-file.ts'

export function collectionCommand(run: Run): Command {
  return new Command('collection')
    .description(help.collection)
    .addCommand(addCommand(run))
    .addCommand(getCommand(run))
    .addCommand(listCommand(run))
}

interface AddOptions {
  readonly post?: boolean
  readonly hidden?: boolean
  readonly asIs?: boolean
}

/** Blocks put in one transaction: 4 MiB. */
const blocksPerPut = 16

/** How long what is to be posted is kept until its entry holds it, ms. */
const uploadMs = 24 * 60 * 60 * 1_000

function addCommand(run: Run): Command {
  return new Command('add')
    .description(help.collectionAdd)
    .argument('<folder>', help.folder)
    .option('--post', help.collectionPost)
    .option('--hidden', help.hidden)
    .option('--as-is', help.asIs)
    .action((folder: string, options: AddOptions, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const { output } = context
        const report: FolderReport = { hidden: 0, special: 0, cleaned: [] }
        const added = await importFolder(context, peer, folder, options, report)
        const { cid, size, files } = added
        const name = calmLine(basename(resolve(folder)))
        const entry =
          options.post === true
            ? (
                await peer.publish({
                  type: 'collection',
                  at: context.io.clock.now(),
                  root: cid,
                  name,
                  count: files,
                  bytes: size,
                })
              ).cid
            : null
        if (entry === null) peer.store.hold(cid, 'pin')
        output.json({ cid, name, files, size, entry })
        output.line(cid)
        output.note(say.collectionAdded(say.fileCount(files), sizeText(size)))
        for (const { path, removed } of report.cleaned)
          output.note(say.metadataRemoved(calmLine(path), removed.join(', ')))
        if (report.hidden > 0) output.note(say.skipped(String(report.hidden), say.hiddenFiles))
        if (report.special > 0) output.note(say.skipped(String(report.special), say.symlinks))
        if (entry !== null) output.line(say.posted(entry))
      }),
    )
}

async function importFolder(
  context: Context,
  peer: NodePeer,
  folder: string,
  { hidden = false, asIs = false }: AddOptions,
  report: FolderReport,
): Promise<ImportedDirectory> {
  const { output, signal } = context
  const { store } = peer
  using _protection = store.protectNewBlocks()
  const waiting = new Map<Cid, Uint8Array>()
  const flush = (): void => {
    store.putBlocks(waiting)
    waiting.clear()
  }
  const blocks: Blocks = {
    get: (cid) => waiting.get(cid) ?? store.block(cid),
    has: (cid) => waiting.has(cid) || store.hasBlock(cid),
    put(cid, bytes) {
      waiting.set(cid, bytes)
      if (waiting.size >= blocksPerPut) flush()
    },
  }
  const imported = await importDirectory(
    folderSources(folder, report, { hidden, asIs, blocks, signal }),
    blocks,
    {
      signal,
      onProgress: (bytes) => output.progress(say.reading, { done: bytes, total: 0 }),
    },
  )
  if (!imported.ok) throw failure('name-unsafe', folder)
  flush()
  store.syncBlocks()
  store.holdUntil(imported.value.cid, 'upload', context.io.clock.now() + uploadMs)
  store.completeBlob(imported.value.cid)
  output.clear()
  return imported.value
}

function getCommand(run: Run): Command {
  return new Command('get')
    .description(help.collectionGet)
    .argument('<cid>', help.cid)
    .argument('<dest>', help.destination)
    .option('--force', help.force)
    .action((typed: string, destination: string, options: { readonly force?: boolean }, command: Command) =>
      run(command, async (context) => {
        const root = parseRoot(typed)
        await using peer = await context.openPeer()
        await demandBlob(context, peer, root)
        const plan = planned(context, peer, root)
        const target = demandFolder(resolve(destination), true)
        const totals = { files: 0, bytes: 0 }
        for (const { folders, name, cid } of plan) {
          const folder = folders.reduce(
            (parent, inner) => enterFolder(parent, inner, context.io.platform),
            target,
          )
          if (name === null) continue
          const path = join(folder, name)
          demandFree(path, options.force ?? false)
          const bytes = peer.readFile(cid, { signal: context.signal })
          totals.bytes += await writeWholeFile(path, bytes, {
            force: options.force ?? false,
            signal: context.signal,
          })
          totals.files++
          context.output.progress(say.writing, { done: totals.files, total: plan.length })
        }
        context.output.clear()
        context.output.json({ cid: root, folder: target, ...totals })
        context.output.line(say.wrote(target, `${say.fileCount(totals.files)}, ${sizeText(totals.bytes)}`))
      }),
    )
}

interface Planned {
  readonly folders: readonly string[]
  /** Null for a folder, which may be empty. */
  readonly name: string | null
  readonly cid: Cid
}

/** Files and folders that one collection writes: a few blocks that name each other twice would be endlessly many (T29). */
const maxPaths = 100_000

/** Bytes that may be written however small the collection is, and how often each of its own may be. */
const freeBytes: number = 64 * 1024 * 1024
const maxCopies = 16

/** Every file and folder, all names and sizes judged before anything is written. Throws `name-unsafe`, `too-large`. */
function planned(context: Context, peer: NodePeer, root: Cid): readonly Planned[] {
  const plan: Planned[] = []
  const state = peer.store.blobState(root)
  const maxBytes = freeBytes + maxCopies * (state.type === 'complete' ? state.bytes : 0)
  const blocks = blocksOf(peer)
  let bytes = 0
  const pending: { readonly cid: Cid; readonly folders: readonly string[] }[] = [{ cid: root, folders: [] }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    context.signal.throwIfAborted()
    const { folders } = next
    plan.push({ folders, name: null, cid: next.cid })
    for (const { name, cid, type } of entriesOf(peer, next.cid)) {
      if (!isSafeName(name, context.io.platform)) throw failure('name-unsafe', calmLine(name))
      if (type === 'directory') pending.push({ cid, folders: [...folders, name] })
      else if (type === 'file') {
        plan.push({ folders, name, cid })
        const size = fileSize(cid, blocks)
        bytes += size.ok ? size.value : 0
      }
      if (plan.length + pending.length > maxPaths || bytes > maxBytes) throw failure('too-large', root)
    }
  }
  return plan
}

function listCommand(run: Run): Command {
  return new Command('list')
    .description(help.collectionList)
    .argument('<cid[/path]>', help.cidPath)
    .action((typed: string, _options: object, command: Command) =>
      run(command, async (context) => {
        const [name = '', ...path] = typed.replace(/\/+$/, '').split('/')
        const root = parseRoot(name)
        await using peer = await context.openPeer()
        const entries = await demandListing(context, peer, root, path.join('/'))
        const blocks = blocksOf(peer)
        for (const { name, cid, type } of entries) {
          const size = type === 'file' ? fileSize(cid, blocks) : err(null)
          const bytes = size.ok ? size.value : null
          context.output.json({ name, cid, type, size: bytes })
          const label = `${calmLine(name)}${type === 'directory' ? '/' : ''}`
          context.output.line(
            `${(bytes === null ? '' : sizeText(bytes)).padStart(10)}  ${label}  ${context.output.paint('dim', cid)}`,
          )
        }
        await context.output.drained()
      }),
    )
}

function entriesOf(peer: NodePeer, directory: Cid): readonly DirectoryEntry[] {
  const listed = listDirectory(directory, blocksOf(peer))
  if (!listed.ok) throw failure('blob-damaged', directory, listed.error.code)
  return listed.value
}

function blocksOf({ store }: NodePeer): Blocks {
  return {
    get: (cid) => store.block(cid),
    has: (cid) => store.hasBlock(cid),
    put: (cid, bytes) => store.putBlock(cid, bytes),
  }
}
