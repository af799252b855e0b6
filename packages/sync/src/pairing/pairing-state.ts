/**
 * What a person sees of a pairing, and how it can end.
 *
 *     open ─▶ comparing ─▶ asking ─▶ linked
 *       └────────┴───────────┴──▶ (undoing) ─▶ over
 *
 * @module
 */
import type { Emoji, HeadRecord, Identity, Result, Root, SynodMember } from '@effigy/core'

export type PairingState =
  /** The code is good and nobody has come with it yet. */
  | { readonly type: 'open' }
  | {
      readonly type: 'comparing'
      readonly emoji: readonly Emoji[]
      readonly remote: Identity
      /** What the joining device calls itself; null there. */
      readonly label: string | null
      /** This side's person has said that they match; now the other's has to. */
      readonly confirmed: boolean
    }
  /** The account is asked; `stage` says how far, a code. */
  | { readonly type: 'asking'; readonly stage: string | null }
  | { readonly type: 'linked'; readonly linked: Linked }
  /** It ended when the account had said yes already: that is being taken back. */
  | { readonly type: 'undoing' }
  | { readonly type: 'over'; readonly fault: PairingFault }

/** The newest state of the account, which lists the joining device. */
export interface Admitted {
  /** Of the synod's feed, whole bytes. */
  readonly entry: Uint8Array
  /** That names it. */
  readonly head: HeadRecord
}

/** Both sides hold the same. */
export interface Linked {
  readonly root: Root
  readonly member: SynodMember
  readonly admitted: Admitted
}

/** Codes of pairing itself; besides there are those of codes (`codeMessages`) and those with which an account refuses. */
export type PairingFaultCode =
  | 'pairing-cancelled'
  | 'pairing-mismatch'
  | 'pairing-timeout'
  | 'pairing-cut'
  | 'pairing-broken'
  | 'pairing-state'
  | 'pairing-self'
  | 'pairing-both-linked'
  | 'pairing-neither-linked'
  | 'pairing-other-account'

export interface PairingFault {
  /** `PairingFaultCode`, `code-used`, `code-expired`, or the account's own. */
  readonly code: string
  /** This side ended it. */
  readonly local: boolean
  /**
   * The account has said yes, and whether that stays is not known: the joining device was not told that all is done,
   * or the linked one could not take it back. A newer state of the account tells.
   */
  readonly uncertain: Linked | null
}

export type PairingOutcome = Result<Linked, PairingFault>

/** One sentence each, for people. */
export const pairingMessages: Readonly<Record<PairingFaultCode, string>> = {
  'pairing-cancelled': 'Linking was cancelled. Nothing has changed.',
  'pairing-mismatch':
    'The pictures were not the same: somebody may sit between the two devices. Nothing was linked, and the code is void.',
  'pairing-timeout': 'It took too long. Make a new code and try again.',
  'pairing-cut': 'The connection to the other device was lost. Make a new code and try again.',
  'pairing-broken': 'The other device did not follow the rules, so linking was stopped. The code is void.',
  'pairing-state': 'The other device gave no proof that this device was added to the account.',
  'pairing-self': 'This code was made on this very device. Read it on the other one.',
  'pairing-both-linked': 'Both devices belong to an account already. One of them has to leave it first.',
  'pairing-neither-linked': 'Neither device belongs to an account yet. Create one on either of them first.',
  'pairing-other-account':
    'The other device belongs to another account than the code said. Nothing was linked.',
}

/** What a session may say in its `bye` about why (L14); all else is a cut. */
const tellable: ReadonlySet<string> = new Set([
  'pairing-cancelled',
  'pairing-mismatch',
  'pairing-timeout',
  'pairing-broken',
  'pairing-state',
  'pairing-other-account',
  'code-used',
  'code-expired',
])

/** The fault of a session that ended before the pairing did. */
export function faultOfEnd({
  code,
  local,
}: {
  readonly code: string
  readonly local: boolean
}): PairingFault {
  const known = tellable.has(code) ? code : 'pairing-cut'
  return { code: known, local: local && known === code, uncertain: null }
}

export function localFault(code: PairingFaultCode): PairingFault {
  return { code, local: true, uncertain: null }
}
