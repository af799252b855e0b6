/**
 * What pairing asks of the account that a device is to join: the main device signs, here or over the network.
 *
 * @module
 */
import type { Identity, Result, Root, SynodMember } from '@effigy/core'
import type { Admitted } from './pairing-state.ts'

/** The account says no; the joining device hears the code (M3). */
export interface AccountRefusal {
  readonly code: string
}

export interface PairingAccount {
  readonly root: Root

  /** The serial under which `identity` would be listed, or is: a device that was cut off when all was done asks again. */
  serial(identity: Identity, signal: AbortSignal): Promise<Result<number, AccountRefusal>>

  /**
   * Has `member` listed, whose own signature is verified, and gives the state that lists it. May take minutes. For who is
   * listed already with these very fields nothing changes, and the newest state is given. Once `signal` is aborted nothing is to be signed any more; what
   * was signed by then is still given, and taken back by `withdraw`. `stage`: a code for people, `asking-main` say.
   */
  admit(
    member: SynodMember,
    options: { readonly stage: (stage: string) => void; readonly signal: AbortSignal },
  ): Promise<Result<Admitted, AccountRefusal>>

  /**
   * The pairing ended with `code` before the joining device had acknowledged what `admit` gave: takes it from the list
   * again, unless it was there before.
   */
  withdraw(member: SynodMember, code: string): Promise<Result<null, AccountRefusal>>
}
