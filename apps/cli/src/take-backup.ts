/**
 * What a backup holds, into the store of a home (spec Z11): read keys, then feeds, each byte checked as a stranger's.
 *
 *     keys, archives ─takeContents▶ store      hubs ─▶ config.json
 *
 * @module
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { utf8 } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { type Backup, type TakenContents, takeContents } from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import { readConfigFile, saveConfigFile } from './config.ts'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { type HubAddress, parseHubAddress, writeHubAddress } from './hub-address.ts'
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

/** Says what cannot be taken; throws `import-damaged` where nothing can. What was taken stands, and it can be taken again. */
export async function takeBackup(
  { output, signal }: Pick<Context, 'output' | 'signal'>,
  { store, identity: self }: Pick<NodePeer, 'store' | 'identity'>,
  backup: Backup,
  path: string,
): Promise<TakenContents> {
  const taken = await takeContents(backup, {
    store,
    self,
    crypto: createNodeCrypto(),
    signal,
    onProgress: (progress) => output.progress(sayAll.checking, progress),
  })
  output.clear()
  if (!taken.ok) throw failure('import-damaged', path, taken.error.detail)
  for (const feed of taken.value.failed) {
    output.json({ ...feed, outcome: 'failed' })
    output.note(say.feedFailed(feed.identity, feed.detail))
  }
  return taken.value
}

/** For the end of a command, when all that could be done is done. Throws `import-incomplete`. */
export function demandWhole({ failed }: Pick<TakenContents, 'failed'>, path: string): void {
  if (failed.length > 0) throw failure('import-incomplete', path, sayAll.feeds(failed.length))
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
