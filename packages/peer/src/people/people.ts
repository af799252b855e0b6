/**
 * `peer.people`: who somebody is to oneself (spec Y40-Y46): own names for them, what they changed, whether one made sure
 * of them, who looks like them, what following them costs, and what they take up here.
 *
 *     what they say of themselves ─┐
 *     what own devices say of them ├─▶ PersonName (a line of a list), PersonView (their page)
 *     names that look alike ───────┘
 *
 * @module
 */
import type { Hub, Identity, ImageFile, NameFact, Result, Root } from '@effigy/core'
import type { BlobUsage } from '@effigy/store'

export interface PeerPeople {
  /** As much as stands beside everything that somebody says. Anything may be asked for: who is unknown has no name. */
  name(identity: Identity): PersonName
  show(identity: Identity): PersonView
  /**
   * People by the names that one calls them by. Each person once, whatever number of devices they have, and nobody who is
   * blocked but in `blocked`.
   */
  list(which: PeopleKind, page?: PeoplePage): PeopleList

  /**
   * What one calls somebody, on all own devices; null: what they call themselves. Also takes them as looked at. Errors:
   * 'petname-invalid' (no line of 1 to 96 bytes); as `publish`.
   */
  setPetname(identity: Identity, petname: string | null): Promise<void>
  /** One has seen what somebody calls themselves now: only what they change from here on is marked. */
  looked(identity: Identity): Promise<void>

  /** What to compare with somebody, each on a screen of their own. Null: it is oneself, or their account is not here yet. */
  safety(identity: Identity): SafetyView | null
  /**
   * Reads what somebody's screen shows (`SafetyView.code`), and notes that one made sure of them when all of it is so here.
   * `expected`: on whose page it was scanned. Rejects as `publish` does.
   */
  scan(text: string, expected?: Identity | null): Promise<Result<ScannedPerson, ScanFault>>
  /**
   * One compared the numbers and found them the same: `compared` is what was on the screen then. Null takes it back, and ends the
   * notice of a move. Errors: 'own-identity', 'account-disputed' (two speak for them: nobody can be sure), 'safety-moved' (what
   * there is to compare is another by now, or nothing of theirs is here); as `publish`.
   */
  setVerified(identity: Identity, compared: ComparedSafety | null): Promise<void>

  /**
   * What would be fetched, as those who are connected tell it; asks them, for some seconds at most, where nothing is known
   * here. Nothing of it stays. Rejects with the signal's reason alone.
   */
  cost(identity: Identity, options: { readonly signal: AbortSignal }): Promise<FollowCost>
  /**
   * The same, for who stands before somebody's page: until the signal their newest 32 entries are kept here, so that there
   * is something to see, in no timeline but theirs. Yields the cost once it is known, and when it is another.
   */
  visit(identity: Identity, signal: AbortSignal): AsyncIterable<FollowCost>
  /** Whom one has in common with somebody, up to 100 of each. */
  common(identity: Identity): InCommon
  /** What is here of whom, those who take most first, up to `limit` (500) of them. */
  storage(limit?: number): Promise<PeopleStorage>
  /**
   * What it would free to keep no files of somebody but those of their `newest` public notes, pictures and collections that have
   * any (B20): what is pinned, and what others need too, is not counted. Errors: 'own-identity'.
   */
  olderFiles(identity: Identity, newest: number): Promise<OlderFiles>
  /** Frees it. They are fetched again when somebody looks at them, or with `wantOlder`, from whoever has them. Errors: 'own-identity'. */
  letGoOlder(identity: Identity, newest: number): Promise<OlderFiles>
  /** What was let go of theirs is wanted again, as their policy says. */
  wantOlder(identity: Identity): Promise<void>
  /** Deletes the blocks that nothing holds, which would go by themselves later. Gives bytes. */
  freeUnheld(): Promise<number>
}

/**
 * `near`: followed, named or made sure of: whom to offer for a mention. `changed`: who calls themselves something else
 * than when one last looked, and of whom one is no longer sure.
 */
export type PeopleKind = 'near' | 'following' | 'followers' | 'blocked' | 'muted' | 'verified' | 'changed'

export interface PeoplePage {
  /** Beginnings of words of either name, all of which must be there. */
  readonly search?: string
  /** 1 to 500; 50 when omitted. */
  readonly limit?: number
  /** `PeopleList.next` of the page before. */
  readonly after?: string | null
}

export interface PeopleList {
  readonly items: readonly PersonName[]
  /** All that there are. */
  readonly count: number
  /** Null at the end. */
  readonly next: string | null
}

/** `moved`: one was sure of them until their account got another key, or was disputed. */
export type Verified = 'no' | 'yes' | 'moved'

export interface PersonName {
  /** The key in power of their account, or the lone device. */
  readonly identity: Identity
  readonly root: Root | null
  readonly isSelf: boolean
  /** What one calls them. */
  readonly petname: string | null
  /** What they call themselves; empty: nothing, or nothing is here. */
  readonly name: string
  readonly avatar: ImageFile | null
  /** Something that they say of themselves is here. */
  readonly isKnown: boolean
  /** Their own name or picture is another than when one last looked. */
  readonly isChanged: boolean
  readonly verified: Verified
  /** The name to be shown looks like that of somebody else: `PersonView.lookAlikes`. */
  readonly hasLookAlikes: boolean
  /** Of the name to be shown. */
  readonly facts: readonly NameFact[]
}

export interface PersonView extends PersonName {
  readonly about: string
  readonly aliases: readonly string[]
  readonly hubs: readonly Hub[]
  readonly isFollowed: boolean
  readonly isBlocked: boolean
  readonly isMuted: boolean
  /** As far as is known here. */
  readonly followsMe: boolean
  /** What they called themselves when one last looked; null while that is so. */
  readonly before: {
    readonly name: string
    readonly hadPicture: boolean
    readonly isPictureNew: boolean
  } | null
  /** When one made sure of them, ms; null: never, or it was taken back. */
  readonly verifiedAt: number | null
  readonly lookAlikes: readonly LookAlike[]
}

export interface LookAlike {
  readonly identity: Identity
  /** The one that looks alike. */
  readonly name: string
  readonly isSelf: boolean
  /** Letter for letter; else only to the eye. */
  readonly isSame: boolean
}

/** Of a `SafetyView`: which key spoke for them, and the digits. */
export type ComparedSafety = Pick<SafetyView, 'identity' | 'number'>

export interface SafetyView {
  readonly identity: Identity
  /** 60 digits, the same on both screens. */
  readonly number: string
  /** For a QR code, to be scanned by the other person; nothing in it is secret. */
  readonly code: string
}

export interface ScannedPerson {
  readonly identity: Identity
}

export interface ScanFault {
  readonly code:
    | 'code-foreign'
    | 'code-damaged'
    | 'code-version'
    | 'code-invite'
    | 'code-link'
    | 'code-safety'
    /** One's own code. */
    | 'safety-self'
    /** Of somebody else than was meant. */
    | 'safety-not-them'
    /** Nothing of that account is here yet. */
    | 'safety-unknown'
    /** Their account has another key than is known here: news is missing, or somebody pretends. */
    | 'safety-moved'
    /** They take somebody else for oneself. */
    | 'safety-other-you'
}

/** Claims of who is to be followed: nobody has counted. */
export interface FollowCost {
  /** Feeds of theirs, one a device and one for the account. */
  readonly feeds: number
  /** Of how many of these anything is known; 0: the cost is unknown. */
  readonly told: number
  readonly entries: number
  readonly bytes: number
  /** Of that, already here. */
  readonly held: { readonly entries: number; readonly bytes: number }
  /** Of all files that entries name; null: not every entry is here, so nobody knows. */
  readonly fileBytes: number | null
  /** Nobody was connected who could be asked. */
  readonly isAlone: boolean
}

export interface InCommon {
  /** Those whom one follows who follow them. */
  readonly followers: readonly Identity[]
  readonly followersCount: number
  /** Those whom both follow. */
  readonly following: readonly Identity[]
  readonly followingCount: number
}

export interface OlderFiles {
  readonly notes: number
  readonly bytes: number
}

export interface PersonStorage {
  readonly identity: Identity
  readonly isSelf: boolean
  readonly isFollowed: boolean
  readonly entries: number
  readonly entryBytes: number
  /** Of files and large texts; one that several people have counts for each. */
  readonly fileBytes: number
  /** Older files of theirs were let go. */
  readonly isLetGo: boolean
}

export interface PeopleStorage {
  readonly people: readonly PersonStorage[]
  /** Of everybody, also beyond the limit. */
  readonly count: number
  readonly entries: number
  readonly entryBytes: number
  /** All blocks, whoever has them, also what nobody holds any more. */
  readonly files: BlobUsage
}
