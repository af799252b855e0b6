/**
 * Makes a backup (backup.ts): what it will hold is measured first, then written, both a block at a time.
 *
 *     feeds as they are now ─measure▶ sizes ─▶ tar ─age▶ pieces of 64 KiB
 *
 * @module
 */
import { type Authority, EffigyError, type Identity, parseBase64url } from '@effigy/core'
import {
  type AgeHeader,
  ageFileLength,
  ageRecipient,
  type Crypto,
  checkPassphrase,
  createAgeHeader,
  passphraseRecipient,
  type Scrypt,
  sealAgeFile,
} from '@effigy/crypto'
import { carSectionBytes, type FeedState, type Store, writeCar } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import type { OwnAccount } from '../account/own-account.ts'
import { writePeerAddress } from '../address.ts'
import type { PeerGroups } from '../groups/groups.ts'
import { ownDevices } from '../own/devices.ts'
import type { BackupAccount, BackupFeed, BackupOptions, BackupReport } from './backup.ts'
import {
  accountName,
  feedName,
  keysName,
  keysOf,
  readmeName,
  readmeText,
  stateOf,
  writeContents,
} from './contents.ts'
import { type ArchivedFeed, archivedFeed, exportFeed, type FeedExport } from './export-feed.ts'
import { missingEntries } from './missing-entries.ts'
import { tarBytes, tarEnd, tarHead, tarPadding } from './tar.ts'

export interface BackupPorts {
  readonly store: Store
  readonly self: Identity
  readonly crypto: Crypto
  readonly scrypt: Scrypt
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly own: Pick<OwnAccount, 'root' | 'authority' | 'view'>
  readonly groups: Pick<PeerGroups, 'list'>
  /** The peer is closed. */
  readonly signal: AbortSignal
}

/** Steps between two turns of the event loop, while sizes are measured. */
const stepsPerTurn = 512

/** A feed as it was when the backup began. */
interface Planned extends BackupFeed {
  readonly archived: ArchivedFeed
}

interface Plan {
  readonly feeds: readonly Planned[]
  /** Entries of them that are known, and not here. */
  readonly missing: number
}

/** As `MakeBackup` (backup.ts). */
export async function* writeBackup(
  ports: BackupPorts,
  options: BackupOptions,
): AsyncGenerator<Uint8Array, BackupReport, void> {
  const { store, crypto, clock } = ports
  const { signal, onProgress } = options
  signal.throwIfAborted()
  const header = await headerFor(ports, options)
  const at = clock.now()
  const { feeds, missing } = await plan(ports, options)
  const texts: readonly (readonly [string, Uint8Array])[] = [
    [readmeName, new TextEncoder().encode(readmeText)],
    [accountName, writeContents(accountOf(ports, options, at))],
    [
      keysName,
      writeContents(
        keysOf(
          store,
          feeds.map(({ identity }) => identity),
        ),
      ),
    ],
  ]
  const sizes = [...texts.map(([, bytes]) => bytes.length), ...feeds.map(({ bytes }) => bytes)]
  const total = ageFileLength(
    header,
    sizes.reduce((sum, size) => sum + tarBytes(size), tarEnd.length),
  )
  const report = { feeds: feeds.length, entries: 0, missingEntries: missing, missingFiles: 0, bytes: total }

  async function* tar(): AsyncGenerator<Uint8Array> {
    for (const [name, bytes] of texts) {
      yield tarHead(name, bytes.length, at)
      yield bytes
      yield tarPadding(bytes.length)
    }
    for (const feed of feeds) {
      yield tarHead(feedName(feed), feed.bytes, at)
      const exported = exportOf(feed, ports, options)
      yield* exactly(feed.bytes, writeCar(exported.roots, exported.blocks), signal)
      // A rebase meanwhile: what was written is of two chains.
      if (epochOf(store.feed(feed.identity)) !== epochOf(feed.archived.state)) throw changed()
      report.entries += exported.report.entries
      report.missingFiles += exported.report.missingFiles
      yield tarPadding(feed.bytes)
    }
    yield tarEnd
  }

  let done = 0
  for await (const piece of sealAgeFile(header, tar(), crypto)) {
    signal.throwIfAborted()
    yield piece
    done += piece.length
    onProgress?.({ done, total, missingEntries: missing })
  }
  return report
}

async function headerFor({ own, crypto, scrypt }: BackupPorts, { to }: BackupOptions): Promise<AgeHeader> {
  if (to !== 'recovery-key') {
    const checked = checkPassphrase(to.passphrase)
    if (checked.ok) return createAgeHeader([passphraseRecipient(to.passphrase, { crypto, scrypt })])
    throw new EffigyError(checked.error.code, 'A passphrase has from 8 characters to 1,024 bytes.')
  }
  if (own.root() === null) throw new EffigyError('no-account', 'A recovery key belongs to an account.')
  const recovery = parseBase64url(own.authority()?.current?.state.recovery ?? '')
  if (recovery === null) throw new EffigyError('no-state', 'The newest state of the account is not here.')
  return createAgeHeader([ageRecipient(recovery, crypto)])
}

function accountOf(
  { store, self, own, groups }: BackupPorts,
  { hubs = [] }: BackupOptions,
  at: number,
): BackupAccount {
  const view = own.view()
  const listed = (view?.profile?.hubs ?? []).map(([expect, url]) => writePeerAddress({ url, expect }))
  return {
    v: 1,
    at,
    device: self,
    root: view?.root ?? null,
    identity: view?.identity ?? null,
    devices: (view?.members ?? []).map(({ identity, label, isMain }) => ({ identity, label, main: isMain })),
    hubs: [...new Set([...hubs, ...listed])],
    follows: store.follows(self, Number.MAX_SAFE_INTEGER).map(({ identity, root }) => ({ identity, root })),
    groups: groups.list().map(({ id, name, members }) => ({
      id,
      name,
      members: members.map(({ identity, root }) => ({ identity, root })),
    })),
    state: stateOf(store),
  }
}

/** Own feeds, then those of others that were asked for, with what each will take. */
async function plan(ports: BackupPorts, options: BackupOptions): Promise<Plan> {
  const { store, self, own, clock } = ports
  const { others = false, signal } = options
  const devices = [...ownDevices(store, self)]
  const isFrozen = (device: Identity): boolean => store.feed(device)?.limit?.type === 'frozen'
  // Behind the account nothing is taken of what it freezes; else it comes first, whatever becomes of the rest.
  const ownFeeds = new Set([...devices.filter(isFrozen), ...keysOfAccount(own.authority()), ...devices])
  const watched = others ? Array.from(store.feeds({ watched: true }), ({ identity }) => identity) : []
  const planned: Planned[] = []
  let missing = 0
  let steps = 0
  for (const identity of new Set([...ownFeeds, ...watched])) {
    const isOwn = ownFeeds.has(identity)
    if (isOwn || isWantedWhole(store, identity)) missing += missingEntries(store, identity)
    const archived = archivedFeed(store, identity)
    if (archived === null) continue
    const draft = { identity, own: isOwn, archived }
    const { roots, blocks } = exportOf(draft, ports, options)
    let bytes = 0
    for await (const piece of writeCar(roots, [])) bytes += piece.length
    for (const block of blocks) {
      bytes += carSectionBytes(block)
      if (++steps % stepsPerTurn > 0) continue
      signal.throwIfAborted()
      await turn(clock)
    }
    planned.push({ ...draft, bytes })
  }
  return { feeds: planned.sort(byReaders), missing }
}

/** A reader of before stops at the first archive without a head record over what is in it: those come last. */
function byReaders(a: Planned, b: Planned): number {
  return Number(a.archived.tops.length === 0) - Number(b.archived.tops.length === 0)
}

/** Of what a policy leaves out, or what is shut (X22), nothing is missing. */
function isWantedWhole(store: Store, identity: Identity): boolean {
  const depth = store.feed(identity)?.policy.depth.type
  return depth === 'all' && (store.feedKeys?.closed(identity) ?? null) === null
}

const epochOf = (state: FeedState | null): number | undefined => state?.record?.head.epoch

function exportOf(
  { identity, own, archived }: Omit<Planned, 'bytes'>,
  { store, crypto }: BackupPorts,
  { files = 'own' }: BackupOptions,
): FeedExport {
  const blobs = files === 'all' || (own && files === 'own')
  const exported = exportFeed(store, identity, { blobs, sha256: crypto.sha256, onEntry() {} }, archived)
  if (exported === null) throw changed()
  return exported
}

function keysOfAccount(authority: Authority | null): readonly Identity[] {
  return authority?.keys ?? []
}

/** As many bytes as were measured. Throws `EffigyError` 'backup-changed'. */
async function* exactly(
  bytes: number,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let left = bytes
  for await (const piece of source) {
    signal.throwIfAborted()
    left -= piece.length
    if (left < 0) throw changed()
    yield piece
  }
  if (left > 0) throw changed()
}

async function turn(clock: BackupPorts['clock']): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  using _timer = clock.after(0, resolve)
  await promise
}

function changed(): EffigyError {
  return new EffigyError('backup-changed', 'Something was erased or rewritten while the backup was made.')
}
