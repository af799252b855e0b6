/**
 * `peer.account`: one account on many devices (spec Y).
 *
 *     create ─▶ main device ─signs─▶ states of the account ─▶ every device, every follower
 *     linked device ─asks─▶ requests() of the main one ─a person grants─▶ next state
 *     words ─move▶ the next key, wherever they are typed
 *
 * All that is refused is an `EffigyError` whose `code` is stable; those of states are `StateFault` of the core, those
 * of moves `MoveFault`. Each method also rejects with `closed`, and with what vault and store throw.
 *
 * @module
 */
import type {
  AccountChange,
  Final,
  FinalChoice,
  Identity,
  Move,
  Root,
  SynodMember,
  SynodProfile,
} from '@effigy/core'
import type { Progress } from '@effigy/store'
import type { PairingOutcome, PairingState } from '@effigy/sync'

export interface PeerAccount {
  /** Null: this device belongs to no account, as far as is known here. */
  show(): AccountView | null
  /** Now and after each change, until the signal. */
  views(signal: AbortSignal): AsyncIterable<AccountView | null>

  /**
   * Makes an account of which this is the main device. Its words stay in the vault until `confirmPhrase`. A creation
   * that was cut off goes on where it was. Errors: 'has-account', 'no-vault', 'phrase-invalid'; as `publish` while
   * nothing may be written ('restored', 'absent').
   */
  create(options?: CreateAccountOptions): Promise<Root>

  /**
   * Shows a code with which another device is linked: to this device's account, or, where it has none, this device to
   * the other's. Good for one session and two minutes; a code that was shown before is void. From settings only, and
   * `text` is a secret. Errors: 'revoked', 'disputed', 'main-without-key', 'link-label' (no line of 1 to 24 bytes), 'link-place'.
   */
  showLink(options?: ShowLinkOptions): AccountLink
  /**
   * Reads a code that another device shows, and dials it for two minutes. Errors: `codeMessages` ('code-invite',
   * 'code-used', …), 'pairing-self', 'pairing-both-linked', 'pairing-neither-linked', and those of `showLink`.
   */
  readLink(text: string, options?: ReadLinkOptions): AccountLink
  /**
   * How much of what the other own devices wrote is here, in entries: neither number ever falls. Ends when all is here
   * that a connected own device has, or with the signal.
   */
  history(signal: AbortSignal): AsyncIterable<Progress>

  /** The words, while they wait to be confirmed; null afterwards, and on linked devices. Show it on purpose only. */
  phrase(): string | null
  /** Which three of the words to ask a person for, by chance; the last one given is what counts. Null: no words wait. */
  phraseQuestion(): PhraseQuestion | null
  /**
   * The person has the words, as the answer to `phraseQuestion` shows: they are wiped here, durably. Without them nobody
   * can take the account back from a thief. Errors: 'phrase-gone', 'phrase-not-asked', 'phrase-word-wrong', which does not
   * tell which one is.
   */
  confirmPhrase(words: readonly string[]): Promise<void>

  /** What strangers see first, and names of devices. On the main device: 'not-main', 'no-account'. */
  set(changes: AccountSettings): Promise<void>

  /** What other devices ask of this one, the main one; now and after each change, until the signal. */
  requests(signal: AbortSignal): AsyncIterable<readonly AccountRequest[]>
  /** Does what was asked. Errors: 'no-request' (taken back, answered, or cut off), 'not-main'. */
  grant(id: number): Promise<void>
  /** Says no. Error: 'no-request'. */
  deny(id: number): void

  /**
   * Where the feed of a lost device would end: at what own devices saw of it by `lostAt`. Asks those that are connected,
   * for a few seconds. A hub's claim is never chosen by itself (Y12).
   */
  finalFor(identity: Identity, lostAt: LossTime): Promise<FinalChoice>
  /**
   * Ends a device's feed, at a final that a person chose or at `finalFor` a time; null: nothing of it counts. Gives the
   * final; null too when, until now, nothing is known of it: no end is named then, and it is frozen (Y12).
   * On the main device: 'not-main', 'no-account', 'no-sighting' (nobody saw anything by then: choose a final).
   */
  revoke(identity: Identity, how: RevokeChoice): Promise<Final | null>

  /**
   * Asks the main device to let this one go, waits until a person granted it there, and resolves when the state that
   * says so is here. Nothing can be written here afterwards. Errors: 'main-device', 'no-account', 'denied'.
   */
  leave(options: { readonly signal: AbortSignal }): Promise<void>

  /**
   * Makes another device the main one: says so in a last state, passes the key over a sealed session, and wipes it here
   * once the other has it. Waits for the other device to be connected; cut off, it goes on by itself whenever that is,
   * also after a restart (`AccountView.handingTo`). Errors: 'not-main', 'no-account',
   * 'not-a-member', 'phrase-unconfirmed' (the words first: nobody could take the account back).
   */
  handOver(identity: Identity, options: { readonly signal: AbortSignal }): Promise<void>

  /**
   * Other keys for this device, the main one: the device of those takes its place in the account, and its own feed ends
   * here (Y26). `join` makes that device, durably, and gives what it signs to join. Nothing is written here from then on,
   * and the peer is to be closed. Errors: 'not-main', 'no-account', 'feed-private', those of states, and what `join` throws;
   * whether it happened all the same the account tells.
   */
  renew(join: (as: JoinAs) => Promise<SynodMember>): Promise<void>

  /**
   * Takes the account to its next key with its words: for a main device that was lost or stolen, a takeover, new words;
   * on a device without account it restores it. This device is the main one then. Asks everybody who is connected for
   * the newest state first, for some seconds. Errors: 'wrong-phrase', 'phrase-invalid', 'account-not-found' (nobody who
   * is connected knows an account of these words), 'other-account', 'no-vault', 'not-a-member', 'no-sighting'.
   */
  move(options: MoveOptions): Promise<Root>

  /**
   * Whether the chosen hubs that are connected have the account's newest state, those that keep none of it aside (Y26); waits for
   * it until the signal, ten seconds at most. While it waits, `delivery` knows nothing of them.
   */
  given(options: { readonly signal: AbortSignal }): Promise<boolean>

  /**
   * What became different about the own account and about followed ones, as it happens, until the signal. Of the own
   * one nothing is left out: what happened while nobody listened, or while this device was off, comes first, and what was
   * in hand when this device stopped, before the next was asked for, comes again.
   */
  changes(signal: AbortSignal): AsyncIterable<AccountNews>

  /** The account of somebody: its devices, and which of them came within the last day. Null: none is known. */
  of(identity: Identity): KnownAccount | null
}

export interface PhraseQuestion {
  /** Places of three words, from 1, ascending. */
  readonly positions: readonly [number, number, number]
  /** 12 or 24. */
  readonly words: number
}

export interface JoinAs {
  readonly root: Root
  readonly serial: number
  readonly label: string
}

export interface CreateAccountOptions {
  /** 12 or 24 words; those in the vault when omitted, new ones when there are none. */
  readonly phrase?: string
  readonly profile?: Partial<SynodProfile>
  /** What this device is called in the account, at most 24 bytes; `this device` when omitted. */
  readonly label?: string
}

export interface ShowLinkOptions {
  /** Where this device can be dialled; at most 4 addresses. None: the other is told where by hand (`readLink`). */
  readonly places?: readonly string[]
  /** What this device is called when it joins; `this device` when omitted. */
  readonly label?: string
}

export interface ReadLinkOptions {
  /** Where the device that shows the code can be dialled, besides what the code says. */
  readonly places?: readonly string[]
  readonly label?: string
  /** The person insists although the code says that it has expired: a clock may be wrong. */
  readonly tryExpired?: boolean
}

/** One pairing, from the code to its end. */
export interface AccountLink {
  /** For a QR code, or to be copied; null on the device that read it. */
  readonly text: string | null
  readonly state: PairingState
  /** The state now and each later one, to the last or the signal. */
  states(signal: AbortSignal): AsyncIterable<PairingState>
  /** By the person, in `comparing`: whether the emoji on both devices are the same. */
  decide(matches: boolean): void
  /** Leaves both devices as they were before. Error, when the account has listed the device by then: 'link-listed'. */
  cancel(): void
  /** Resolves when it is over; then this device is one of the account, or not. Rejects with what vault and store throw. */
  readonly outcome: Promise<PairingOutcome>
}

export interface AccountSettings {
  readonly profile?: Partial<SynodProfile>
  readonly labels?: readonly (readonly [Identity, string])[]
}

export type RevokeChoice = { readonly final: Final | null } | { readonly lostAt: LossTime }

/** The last moment at which a device was surely in good hands: wall clock, ms; `now`: all that is known of it counts. */
export type LossTime = number | 'now'

export interface MoveOptions {
  readonly phrase: string
  /** Other words from then on; they are kept in the vault until `confirmPhrase`. */
  readonly newPhrase?: string
  /**
   * Devices that stay, besides this one. Left out: all members, but the main device, of the state that was seen by
   * `lostAt`, else of the one that counts.
   */
  readonly keep?: readonly Identity[]
  /** Devices of now that do not stay, each with the end of its feed. Those that are named nowhere end at `lostAt`, or as held here. */
  readonly revoke?: readonly (readonly [Identity, RevokeChoice])[]
  /**
   * The last moment at which the main device was surely in good hands, ms: what the account said since is taken back.
   * Left out: all that is held counts.
   */
  readonly lostAt?: number
  readonly profile?: Partial<SynodProfile>
  /** What this device is called when it is new to the account. */
  readonly label?: string
  readonly signal: AbortSignal
}

/**
 * `main-without-key`: it was in the making, or the vault is an older one; a move ends that. `frozen` in a dispute: also
 * whom some of those who speak revoke and others do not (Y14).
 */
export type AccountRole = 'main' | 'main-without-key' | 'linked' | 'revoked' | 'frozen'

export interface AccountView {
  readonly root: Root
  /** The key in power. */
  readonly identity: Identity
  /** This device. */
  readonly role: AccountRole
  readonly members: readonly AccountMember[]
  readonly revoked: readonly { readonly identity: Identity; readonly final: Final | null }[]
  /** Former devices of which it was never said where they end: of each stays what is here (Y6). */
  readonly frozen: readonly FrozenDevice[]
  readonly moves: readonly Move[]
  /** Two chains of the account's key are known: only a move ends that. */
  readonly disputed: boolean
  readonly profile: SynodProfile | null
  /** False while the words are still in this vault: not theft-proof yet. Null on devices that never had them. */
  readonly phraseConfirmed: boolean | null
  /** The device that is to get the key and has not said that it has it. */
  readonly handingTo: Identity | null
}

/** `held`, `told`: the end of what is here, and of what others tell of beyond it; null: nothing. `revoke` takes either. */
export interface FrozenDevice {
  readonly identity: Identity
  /** What the account called it last. */
  readonly label: string
  readonly held: Final | null
  readonly told: Final | null
}

export interface AccountMember {
  readonly identity: Identity
  readonly label: string
  readonly isMain: boolean
  readonly isSelf: boolean
}

export interface AccountRequest {
  readonly id: number
  /** `join`: to be a device of the account, asked through `via`; `leave`: asked by the device itself. */
  readonly type: 'join' | 'leave'
  readonly identity: Identity
  readonly label: string
  readonly via: Identity
  /** Wall clock, ms. */
  readonly at: number
}

export interface AccountNews {
  readonly root: Root
  /** Of this device's own account. */
  readonly own: boolean
  readonly change: AccountChange
  /** When it was noticed here, wall clock, ms. */
  readonly at: number
}

export interface KnownAccount {
  readonly root: Root
  readonly identity: Identity
  readonly disputed: boolean
  readonly devices: readonly KnownDevice[]
}

export interface KnownDevice {
  readonly identity: Identity
  /** The account's own word for it. */
  readonly label: string
  /** It joined less than a day ago, as seen from here: its feed is fetched shallow until then. */
  readonly isNew: boolean
}
