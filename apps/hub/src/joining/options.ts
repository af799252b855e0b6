/**
 * Settings of joining: who invites, names, and what somebody wants to know before.
 *
 * @module
 */
import * as kind from '../config/kinds.ts'
import type { Option } from '../config/options.ts'

export interface JoiningSettings {
  /** Who makes invites that this hub takes. */
  readonly invites: 'members' | 'operator' | 'off'
  /** Whether members get names here. */
  readonly aliases: boolean
  /** Whether who has no account reads public notes by their links. */
  readonly readByLink: boolean
  /** Where the page of an invite opens it; null: it tells how to go on without. */
  readonly appUrl: string | null
  /** Of whoever runs the hub: a mail address, a page, a name. */
  readonly contact: string | null
  /** What they ask of members: a sentence, or the address of a page. */
  readonly terms: string | null
}

export const joiningOptions: { readonly [Key in keyof JoiningSettings]: Option<JoiningSettings[Key]> } = {
  invites: {
    kind: kind.choice('members', 'operator', 'off'),
    fallback: 'members',
    help: 'who may invite others: members, the operator alone (`hub invite`), or nobody',
  },
  aliases: {
    kind: kind.flag,
    fallback: true,
    help: 'members may take names here, like alice@hub.example',
  },
  readByLink: {
    kind: kind.flag,
    fallback: true,
    help: 'whoever has the link of a public note reads it here without an account; never where privacy is restricted',
  },
  appUrl: {
    kind: kind.appAddress,
    fallback: null,
    help: 'where the page of an invite opens Effigy in the browser',
  },
  contact: {
    kind: kind.optionalText(200),
    fallback: null,
    help: 'who runs it, and how to reach them; public',
  },
  terms: {
    kind: kind.optionalText(1_000),
    fallback: null,
    help: 'what members agree to: a sentence, or the address of a page; public',
  },
}
