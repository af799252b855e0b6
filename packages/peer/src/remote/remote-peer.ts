/**
 * A peer on the other side of a message port, as pages use it (spec O1): the API of `Peer`, where every method answers
 * by promise, and what is iterated stays iterable.
 *
 *     page ─RemotePeer─▶ port ─▶ worker ─▶ Peer
 *
 * Signals and `onProgress` work across the port; other functions do not cross. Errors are `EffigyError` with the codes of
 * `Peer`, and besides: 'interrupted' (the tab that had the peer went: it may have happened or not), 'port-busy' (more
 * calls at once than the port takes), 'port-closed', 'port-argument' (something that cannot cross, or too much of it).
 *
 * @module
 */
import type { AddedFile, DirectoryOptions, FileOptions } from '../files.ts'
import type { AddedDirectory, Peer } from '../peer.ts'
import type { ReadsOf, Remote, RemoteHandle } from './crossing.ts'
import type { connectionTable, peerTable } from './peer-table.ts'

/** Bytes that a page has: a `Blob` crosses as itself, the others are read by the page, as fast as the worker takes them. */
export type RemoteSource =
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>

/** Null content: a directory. */
export interface RemoteDirectoryFile {
  readonly path: string
  readonly content: RemoteSource | null
}

type Parts = Pick<
  Peer,
  | 'account'
  | 'conversations'
  | 'groups'
  | 'inspecting'
  | 'leases'
  | 'notices'
  | 'people'
  | 'presence'
  | 'privateFeed'
  | 'reading'
  | 'recovery'
  | 'state'
>

type Table = typeof peerTable

/** What may be asked live, as functions of its arguments: `timeline`, `status`, `conversations.list`, … */
export type LiveReads = {
  readonly [Name in ReadsOf<Table['query']>]: Peer['query'][Name]
} & {
  readonly [Name in ReadsOf<Table>]: Peer[Name]
} & {
  readonly [Name in {
    [Part in keyof Parts]: `${Part}.${ReadsOf<Table[Part]>}`
  }[keyof Parts]]: Name extends `${infer Part extends keyof Parts}.${infer Read}`
    ? Read extends keyof Parts[Part]
      ? Parts[Part][Read]
      : never
    : never
}

type Arguments<Member> = Member extends (...args: infer Args extends readonly unknown[]) => unknown
  ? Args
  : never
type Answer<Member> = Member extends (...args: never[]) => infer Value ? Value : never

export interface RemotePeer extends Omit<Remote<Peer, Table>, 'addFile' | 'addDirectory'>, AsyncDisposable {
  /** As `Peer.addFile`. */
  addFile(source: RemoteSource, options: FileOptions): Promise<AddedFile>
  /** As `Peer.addDirectory`; the list of entries is read to its end first, at most 50,000. */
  addDirectory(
    entries: AsyncIterable<RemoteDirectoryFile> | Iterable<RemoteDirectoryFile>,
    options: DirectoryOptions,
  ): Promise<AddedDirectory>
  /**
   * Asks now and after each change that may matter; yields answers that differ as JSON, the newest alone to who reads
   * slowly. Goes on by itself when another tab takes over. Ends with the signal; rejects with what the query throws.
   */
  live<Name extends keyof LiveReads>(
    query: Name,
    args: Arguments<LiveReads[Name]>,
    signal: AbortSignal,
  ): AsyncIterable<Answer<LiveReads[Name]>>
  /** This page is done with the peer, which lives on for the others. */
  [Symbol.asyncDispose](): Promise<void>
}

export type RemoteConnection = RemoteHandle<ReturnType<Peer['connect']>, typeof connectionTable>
