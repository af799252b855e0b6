/**
 * A `Store` for thousands of peers in one process: light feeds (light-feeds.ts), settings in a map, and
 * nothing of views and blobs until somebody asks for them.
 *
 *     LightFeeds ─┐
 *     settings  ──┴▶ Store          query, blob, file ─▶ the full store (SQLite in memory), from then on
 *
 * An instance of a class: it cannot be spread into another object as `createPeer` does with a store, and
 * is meant for sessions and replicators that are driven without one.
 *
 * @module
 */
import type { Account, Cid, Identity, RawCid } from '@effigy/core'
import type {
  BlobState,
  BlobUsage,
  BlobWant,
  Blocks,
  Damage,
  DeviceValue,
  Item,
  Page,
  PageRequest,
  Persons,
  Progress,
  RelationKind,
  SearchProgress,
  Store,
} from '@effigy/store'
import { LightFeeds } from './light-feeds.ts'

const nothing: readonly never[] = []
const nobody: Persons = { accounts: [], identities: new Set(), roots: new Set() }

export class LightStore extends LightFeeds<Store> implements Store {
  readonly #settings = new Map<string, string>()
  #self: Identity | null = null

  protected override onHandOver(full: Store): void {
    full.setSelf(this.#self)
    full.saveSettings(this.#settings)
    full.watch((change) => this.tell(change))
  }

  [Symbol.dispose](): void {
    this.opened?.[Symbol.dispose]()
  }

  // Settings ---------------------------------------------------------------------

  setting(key: string): string | null {
    return this.opened === null ? (this.#settings.get(key) ?? null) : this.opened.setting(key)
  }
  saveSetting(key: string, value: string | null): void {
    this.saveSettings([[key, value]])
  }
  saveSettings(values: Iterable<readonly [key: string, value: string | null]>): void {
    if (this.opened !== null) {
      this.opened.saveSettings(values)
      return
    }
    for (const [key, value] of values) {
      if (value === null) this.#settings.delete(key)
      else this.#settings.set(key, value)
    }
  }
  setSelf(identity: Identity | null): void {
    if (this.opened === null) this.#self = identity
    else this.opened.setSelf(identity)
  }

  // What plain entries have none of ----------------------------------------------

  get rebuildPending(): boolean {
    return this.opened?.rebuildPending ?? false
  }
  wantedBlobs(limit: number): readonly BlobWant[] {
    return this.opened?.wantedBlobs(limit) ?? nothing
  }
  missingBlocks(root: Cid, limit: number): readonly Cid[] {
    return this.opened?.missingBlocks(root, limit) ?? nothing
  }
  block(cid: Cid): Uint8Array | null {
    return this.opened?.block(cid) ?? null
  }
  hasBlock(cid: Cid): boolean {
    return this.opened?.hasBlock(cid) ?? false
  }
  blockSize(cid: Cid): number | null {
    return this.opened?.blockSize(cid) ?? null
  }
  holders(root: Cid): readonly string[] {
    return this.opened?.holders(root) ?? nothing
  }
  heldRoots(limit: number): Iterable<Cid> {
    return this.opened?.heldRoots(limit) ?? nothing
  }
  heldAs(reason: string, limit: number): Iterable<Cid> {
    return this.opened?.heldAs(reason, limit) ?? nothing
  }
  rootsAbove(cid: Cid): Iterable<Cid> {
    return this.opened?.rootsAbove(cid) ?? nothing
  }
  /** Entries that say whom somebody follows are not light. */
  relations(identity: Identity, kind: RelationKind): readonly Identity[] {
    return this.opened?.relations(identity, kind) ?? nothing
  }
  lastSaid(...asked: Parameters<Store['lastSaid']>): number {
    return this.opened?.lastSaid(...asked) ?? 0
  }
  relates(...asked: Parameters<Store['relates']>): boolean {
    return this.opened?.relates(...asked) ?? false
  }
  persons(identity: Identity, kind: RelationKind): Persons {
    return this.opened?.persons(identity, kind) ?? nobody
  }
  follows(identity: Identity, limit: number): readonly Account[] {
    return this.opened?.follows(identity, limit) ?? nothing
  }
  followers(identity: Identity): readonly Identity[] {
    return this.opened?.followers(identity) ?? nothing
  }
  /** States of accounts are not light. */
  get synods(): Store['synods'] {
    return this.opened?.synods
  }
  maintain(): void {
    this.opened?.maintain()
  }
  sweepBlobs(): boolean {
    return this.opened?.sweepBlobs() ?? false
  }
  countDay(): boolean {
    return this.opened?.countDay() ?? false
  }
  syncBlocks(): void {
    this.opened?.syncBlocks()
  }

  // The full store's -------------------------------------------------------------

  setSiblings(siblings: (identity: Identity) => Iterable<Identity>): void {
    this.full().setSiblings(siblings)
  }
  rememberOpened(identity: Identity, content: RawCid, payloadJson: string): boolean {
    return this.full().rememberOpened(identity, content, payloadJson)
  }
  holdUntil(root: Cid, reason: string, until: number): void {
    this.full().holdUntil(root, reason, until)
  }
  protectNewBlocks(): Disposable {
    return this.full().protectNewBlocks()
  }
  repair(damage: readonly Damage[]): readonly Damage[] {
    return this.full().repair(damage)
  }
  get asBlocks(): Blocks {
    return this.full().asBlocks
  }
  item(cid: RawCid): Item | null {
    return this.full().item(cid)
  }
  resolve(identity: Identity, content: RawCid): Item | null {
    return this.full().resolve(identity, content)
  }
  feedItems(identity: Identity, page?: PageRequest): Page<Item> {
    return this.full().feedItems(identity, page)
  }
  timeline(...options: Parameters<Store['timeline']>): Page<Item> {
    return this.full().timeline(...options)
  }
  thread(identity: Identity, content: RawCid, page?: PageRequest): Page<Item> {
    return this.full().thread(identity, content, page)
  }
  reactions(identity: Identity, content: RawCid): ReturnType<Store['reactions']> {
    return this.full().reactions(identity, content)
  }
  mentions(identity: Identity, page?: PageRequest): Page<Item> {
    return this.full().mentions(identity, page)
  }
  byType(type: string, page?: PageRequest): Page<Item> {
    return this.full().byType(type, page)
  }
  byTag(label: string, page?: PageRequest): Page<Item> {
    return this.full().byTag(label, page)
  }
  profile(identity: Identity): Item | null {
    return this.full().profile(identity)
  }
  deviceValue(key: string): DeviceValue | null {
    return this.full().deviceValue(key)
  }
  deviceSaid(key: string): readonly DeviceValue[] {
    return this.full().deviceSaid(key)
  }
  countAbove(...asked: Parameters<Store['countAbove']>): number {
    return this.full().countAbove(...asked)
  }
  tally(...asked: Parameters<Store['tally']>): ReturnType<Store['tally']> {
    return this.full().tally(...asked)
  }
  labelsBy(...asked: Parameters<Store['labelsBy']>): ReturnType<Store['labelsBy']> {
    return this.full().labelsBy(...asked)
  }
  gaps(...asked: Parameters<Store['gaps']>): ReturnType<Store['gaps']> {
    return this.full().gaps(...asked)
  }
  deviceValues(prefix: string, page?: Parameters<Store['deviceValues']>[1]): readonly DeviceValue[] {
    return this.full().deviceValues(prefix, page)
  }
  search(text: string, page?: PageRequest): Page<Item> {
    return this.full().search(text, page)
  }
  indexSearch(limit: number): SearchProgress {
    return this.full().indexSearch(limit)
  }
  rebuildViews(options: Parameters<Store['rebuildViews']>[0]): Promise<void> {
    return this.full().rebuildViews(options)
  }
  putBlock(cid: Cid, bytes: Uint8Array): void {
    this.full().putBlock(cid, bytes)
  }
  putBlocks(blocks: Iterable<readonly [Cid, Uint8Array]>): void {
    const list = [...blocks]
    if (list.length > 0) this.full().putBlocks(list)
  }
  blobState(root: Cid): BlobState {
    return this.full().blobState(root)
  }
  completeBlob(root: Cid): BlobState {
    return this.full().completeBlob(root)
  }
  hold(root: Cid, reason: string): void {
    this.full().hold(root, reason)
  }
  release(root: Cid, reason: string): void {
    this.full().release(root, reason)
  }
  setQuota(bytes: number | null): void {
    this.full().setQuota(bytes)
  }
  blobUsage(): BlobUsage {
    return this.full().blobUsage()
  }
  evict(bytes: number): number {
    return this.full().evict(bytes)
  }
  check(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (progress: Progress) => void
  }): Promise<readonly Damage[]> {
    return this.full().check(options)
  }
}
