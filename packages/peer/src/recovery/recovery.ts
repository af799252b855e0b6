/**
 * `peer.recovery`: friends who hold parts of an account's words, and the way back with them (spec Z20 on).
 *
 *     owner      split ─▶ shares, sealed to custodians              rehearse ─▶ who can still open theirs
 *     custodian  held, requests ─six words compared─▶ approve
 *     new device ask ─▶ shares ─▶ combine ─▶ words ─find▶ account ─account.move▶ its next main device
 *
 * All that is refused is an `EffigyError` whose `code` is stable. Each method also rejects with `closed`, with the
 * signal's reason, and with what the store throws.
 *
 * @module
 */
import type { Final, Identity, Root } from '@effigy/core'

export interface PeerRecovery {
  /** Now and after each change, until the signal. */
  views(signal: AbortSignal): AsyncIterable<RecoveryView>
  show(): RecoveryView

  // The owner.

  /**
   * Gives each custodian (an account; any identity of it) one share of the words, any `threshold` of which give them
   * back. It takes the place of the splitting before. Errors: 'no-account', 'phrase-needed' (they are not in this vault),
   * 'phrase-invalid', 'wrong-phrase', 'custodian-unknown' (no account of theirs is known here), 'custodian-self',
   * 'custodian-twice', 'custodian-count' (2 to 16, and at least the threshold); as `publish`.
   */
  split(options: SplitOptions): Promise<Splitting>
  /**
   * Asks the custodians to prove that they can open their shares: those that are connected at once, for some seconds, the
   * others through drop boxes; what these answered within 30 days is told the next time. Error: 'not-split'.
   */
  rehearse(options: { readonly signal: AbortSignal }): Promise<readonly Rehearsed[]>

  // The custodian.

  /**
   * Gives what is held of that account to the device that asks, after the person has compared the six words with them
   * over another way: in the session in which it waits, else through a drop box. `account` is needed where the request
   * names none. Errors: 'no-request', 'which-account', 'not-held'; those of `drops.send`.
   */
  approve(id: string, options?: { readonly account?: Root }): Promise<void>
  /**
   * The request with these six words, as they were read out by whoever asks; those too that `requests` does not list, because many
   * ask. Null: none waits with these.
   */
  lookUp(words: string): ShareRequestView | null
  /** Says no; that device is not heard for a day. Error: 'no-request'. */
  deny(id: string): Promise<void>
  /** Keeps nothing of that account any more, not what waits for room either; who waits for it has it then. Error: 'not-held'. */
  release(account: Root): Promise<void>

  // The new device.

  /**
   * Asks custodians for the share that they hold of somebody: in a session with one of their devices, else it is left in
   * a drop box. It goes on after restarts, until it is `forget`. Errors: 'has-account', 'custodian-unknown' (nobody who is connected knows an
   * account of that identity), 'custodian-count', 'name-line' (at most 96 bytes in one line).
   */
  ask(options: AskOptions): Promise<readonly AskedCustodian[]>
  /**
   * The words, from the shares that came. A secret. Errors: 'too-few-shares', 'shares-damaged' (no choice of them fits
   * together), 'shares-differ' (of two accounts, as many of each), 'account-not-found', 'wrong-phrase' (they are of words that the account has no more).
   */
  combine(options: { readonly signal: AbortSignal }): Promise<Combined>
  /** Wipes the requests and the shares that came: after a restore, or when the person gave up. */
  forget(): void

  // Any way back.

  /**
   * Finds the account of these words with everybody who is connected, and what `account.move` would have to know.
   * Nothing is written. Errors: 'phrase-invalid', 'account-not-found'; 'wrong-phrase' where the account has other words
   * by now.
   */
  find(phrase: string, options: { readonly signal: AbortSignal }): Promise<FoundAccount>
}

export interface RecoveryView {
  /** One's own; null: none is known of. */
  readonly splitting: Splitting | null
  /** Of whom this person is a custodian. */
  readonly held: readonly HeldShare[]
  /** Those whose share found no room: 256 accounts entrusted one, and none of those is of somebody one does not follow, or this one is. */
  readonly refused: readonly HeldShare['account'][]
  /** Who asks for one of those. */
  readonly requests: readonly ShareRequestView[]
  /** What this device, still without account, asked for. */
  readonly asked: readonly AskedCustodian[]
  /** Of how many of these a share of one account came: of the account of which the most came. */
  readonly came: number
  /** How many shares of one splitting it takes, by those that came of that account; null: none came yet. */
  readonly needed: number | null
}

export interface SplitOptions {
  /** Those in the vault when omitted. */
  readonly phrase?: string
  readonly custodians: readonly Identity[]
  readonly threshold: number
  readonly signal: AbortSignal
}

export interface Splitting {
  /** Its name, 16 bytes, base64url. */
  readonly set: string
  readonly threshold: number
  /** Wall clock, ms. */
  readonly at: number
  readonly custodians: readonly { readonly identity: Identity; readonly root: Root }[]
}

/**
 * `lacks`: another splitting, or none; `false`: what they proved is not of their share; `asked`: it lies in a drop box;
 * `away`: they could not be asked.
 */
export type RehearsalOutcome = 'holds' | 'lacks' | 'false' | 'asked' | 'away'

export interface Rehearsed {
  readonly identity: Identity
  readonly root: Root
  readonly outcome: RehearsalOutcome
  /** When they answered, wall clock, ms; null: they did not. */
  readonly at: number | null
}

export interface HeldShare {
  readonly account: { readonly identity: Identity; readonly root: Root }
  readonly set: string
  readonly threshold: number
  readonly count: number
  /** When it was split, as its owner says, and when it came here; ms. */
  readonly at: number
  readonly receivedAt: number
  /** Splittings that this one replaced and that are kept for 30 days. */
  readonly replaced: number
}

export interface ShareRequestView {
  readonly id: string
  /** Who they say to be: nothing is proven of it but by comparing the words. */
  readonly account: Root | null
  readonly name: string
  readonly identity: Identity
  /** Six words; the same are on the device that asks. */
  readonly words: string
  /** Wall clock, ms. */
  readonly receivedAt: number
}

export interface AskOptions {
  readonly custodians: readonly Identity[]
  /** Whose share, where the person knows how their account is called; else the custodian chooses by the name. */
  readonly account?: Root
  /** The person's own name, for the custodian to read. */
  readonly name: string
  readonly signal: AbortSignal
}

/** `denied` and `false` (what came was no share) are over; the others go on. */
export type AskState = 'asking' | 'given' | 'denied' | 'false'

export interface AskedCustodian {
  readonly identity: Identity
  readonly root: Root
  /** Six words; the same are on the custodian's device. */
  readonly words: string
  readonly state: AskState
}

export interface Combined {
  /** The words. A secret. */
  readonly phrase: string
  readonly root: Root
  /** Custodians whose shares are not of this splitting's words, or of another account. */
  readonly wrong: readonly Identity[]
}

export interface FoundAccount {
  readonly root: Root
  /** The key in power. */
  readonly identity: Identity
  readonly name: string
  readonly disputed: boolean
  /** As the state that counts lists them; the main one first. */
  readonly devices: readonly FoundDevice[]
}

export interface FoundDevice {
  readonly identity: Identity
  readonly label: string
  readonly isMain: boolean
  /** Where its feed ends as far as anybody who is connected knows; null: nothing of it is known. */
  readonly final: Final | null
  /** About when the entry at the final was written, ms; null as above. */
  readonly lastAt: number | null
}
