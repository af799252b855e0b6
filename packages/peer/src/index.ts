export type * from './account/account.ts'
export {
  type DataPlace,
  type Extent,
  type PlaceLease,
  tellExtent,
  type Whereabouts,
  whereabouts,
} from './account/where.ts'
export { type AddressFault, type PeerAddress, parsePeerAddress, writePeerAddress } from './address.ts'
export { type OpenedBackup, openAgeBackup } from './backup/age-backup.ts'
export type * from './backup/backup.ts'
export {
  type ArchivedFeed,
  type ExportReport,
  exportFeed,
  type FeedExport,
  type FeedExportOptions,
} from './backup/export-feed.ts'
export {
  type ImportDeps,
  type ImportedFeed,
  importFeeds,
} from './backup/import-feeds.ts'
export type { ImportFault } from './backup/read-archive.ts'
export { type ReadBackupOptions, readBackup } from './backup/read-backup.ts'
export { recoverySecret } from './backup/recovery-secret.ts'
export type * from './backup/take-backup.ts'
export {
  type FailedFeed,
  type TakeContentsDeps,
  type TakenContents,
  takeContents,
} from './backup/take-contents.ts'
export {
  type TarFault,
  type TarMember,
  tarBytes,
  tarEnd,
  tarHead,
  tarMembers,
  tarPadding,
} from './backup/tar.ts'
export { boxOwners, namesOf } from './box-owners.ts'
export { createPeer } from './create-peer.ts'
export type * from './delivery.ts'
export type * from './direct/direct.ts'
export { explainDirect } from './direct/direct.ts'
export type * from './drops/drops.ts'
export type { AddedFile, DirectoryOptions, FetchOptions, FileOptions, ReadFileOptions } from './files.ts'
export type * from './groups/groups.ts'
export { type HopLevel, maxHopFeeds, maxHops } from './hops.ts'
export type * from './inspecting/inspecting.ts'
export type { WireBatch, WireLine } from './inspecting/wire.ts'
export { type Continuity, noteRestored, renewInstance } from './instance.ts'
export { createFetchAlias } from './joining/fetch-alias.ts'
export { inviteLink, invitePath } from './joining/invite-link.ts'
export type * from './joining/joining.ts'
export type { DropBoxOptions, LeaseOptions, PeerKept, ServiceOptions } from './kept-services.ts'
export type * from './leases/leases.ts'
export type * from './moderation.ts'
export { type MutedWord, mutedWord, wordFilter } from './notices/muted-words.ts'
export type { NoticeView, PeerNotices } from './notices/notices.ts'
export type * from './peer.ts'
export type * from './people/people.ts'

export type * from './presence/presence.ts'
export type * from './presence/signals.ts'
export type { WhoMayWrite } from './private/correspondents.ts'
export type {
  ConversationTitle,
  ConversationView,
  NoteDraft,
  PeerConversations,
  ReadKeyView,
  WrittenNote,
} from './private/peer-conversations.ts'
export type { MessageRequest, PeerRequests, TalkCounts } from './private/requests.ts'
export type * from './private-feed/private-feed.ts'
export { maxSmallBody } from './publish.ts'
export type { HubPrivacy, SignallingOptions } from './reach.ts'
export type { PeerReading } from './reading.ts'
export type * from './recovery/recovery.ts'
export { comparedWords } from './recovery/request.ts'
export { wholeFeed } from './relations.ts'
export type { CrossingTable, Remote, RemoteHandle } from './remote/crossing.ts'
export type * from './remote/page-peer.ts'
export { createLivePort, type LivePort } from './remote/peer-root.ts'
export { peerTable } from './remote/peer-table.ts'
export type * from './remote/remote-peer.ts'
export type { SavingMode } from './saving.ts'
export {
  type PeerSurroundings,
  plainSurroundings,
  type SurroundingFacts,
  type Surroundings,
  type SurroundingsView,
} from './surroundings/surroundings.ts'
export {
  createWake,
  type Wake,
  type WakeOutcome,
  type WakePorts,
  type WokenPeer,
} from './surroundings/wake.ts'
export { explainConnection } from './trouble.ts'
export type { IceServer, PeerTurn } from './turn.ts'
export type { SessionVia } from './via.ts'
