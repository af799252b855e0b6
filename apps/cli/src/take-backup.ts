/**
 * What a backup holds, into the store of a home (spec Z11): read keys, then feeds, each byte checked as a stranger's.
 *
 *     keys ─▶ store      archives ─importFeeds▶ store      hubs ─▶ config.json
 *
 * @module
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { parseBase64url, utf8 } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import type { Backup } from '@effigy/peer'
import type { Store } from '@effigy/store'
import { readConfigFile, saveConfigFile } from './config.ts'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { type HubAddress, parseHubAddress, writeHubAddress } from './hub-address.ts'
import { type ImportedFeed, importFeeds } from './import-feed.ts'
import { vaultSay as say, say as sayAll } from './messages/index.ts'

const ageStart = utf8('age-encryption.org/')

/** Whether it begins like one; an archive does not. */
export function looksLikeBackup(path: string): boolean {
  const start = new Uint8Array(ageStart.length)
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, start)
    } finally {
      closeSync(file)
    }
  } catch {
    throw failure('file-unreadable', path)
  }
  return start.every((byte, index) => byte === ageStart[index])
}

/** Throws `import-damaged`; what came before it stands, and it can be taken again. */
export async function takeBackup(
  { output, signal }: Pick<Context, 'output' | 'signal'>,
  store: Store,
  backup: Backup,
  path: string,
): Promise<readonly ImportedFeed[]> {
  keepKeys(store, backup)
  const imported: ImportedFeed[] = []
  for (const [index, feed] of backup.feeds.entries()) {
    const taken = await importFeeds({
      store,
      crypto: createNodeCrypto(),
      open: () => backup.open(feed),
      signal,
      onProgress: (progress) => output.progress(sayAll.checking, progress),
    })
    output.progress(sayAll.checking, { done: index + 1, total: backup.feeds.length })
    if (!taken.ok) throw failure('import-damaged', path, taken.error.detail)
    imported.push(...taken.value)
  }
  output.clear()
  return imported
}

/** Keys of one feed that are taken of a backup which anybody could have made: half of the room, so that the true ones stay. */
const maxStrangersKeys = 8

/**
 * Before the feeds: they open the sealed ones. A false key of a feed opens nothing, so it may take some of the room of that
 * feed; one of a conversation would be written under, so those of a stranger's making are left out: the words open them
 * again, out of the feeds.
 */
export function keepKeys(
  { feedKeys, contentKeys }: Pick<Store, 'feedKeys' | 'contentKeys'>,
  { keys: { feeds, content }, isAuthentic }: Pick<Backup, 'keys' | 'isAuthentic'>,
): void {
  for (const { feed, epoch, key: text } of [...feeds].sort((a, b) => b.epoch - a.epoch)) {
    const key = parseBase64url(text)
    if (key === null || (!isAuthentic && (feedKeys?.of(feed).length ?? 0) >= maxStrangersKeys)) continue
    feedKeys?.keep({ feed, epoch, key })
  }
  if (!isAuthentic) return
  for (const { giver, conversation, generation, key: text } of content) {
    const key = parseBase64url(text)
    if (key !== null) contentKeys?.add({ giver, conversation, generation, key })
  }
}

/** Adds those that are not in the list of the home yet; names them only, when anybody could have made the backup. */
export function keepHubs(
  context: Pick<Context, 'home' | 'reloadConfig' | 'output'>,
  { account, isAuthentic }: Backup,
): void {
  const file = readConfigFile(context.home)
  const known = new Set(file.hubs.map(({ address }) => address))
  const fresh: HubAddress[] = []
  for (const hub of account.hubs.map(parseHubAddress)) {
    if (hub === null || known.has(hub.address)) continue
    known.add(hub.address)
    fresh.push(hub)
  }
  if (fresh.length === 0) return
  if (!isAuthentic) {
    context.output.note(say.hubsNamed(fresh.map(writeHubAddress).join(', ')))
    return
  }
  saveConfigFile(context.home, { ...file, hubs: [...file.hubs, ...fresh] })
  context.reloadConfig()
}
