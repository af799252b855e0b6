/**
 * What an `erase` hides, and from whom it is taken (spec P9).
 *
 * It hides contents of one identity each, never of everybody who has the same
 * (T27), and changes no verdict: entries stay valid, contents are hidden, later
 * dropped.
 *
 * @module
 */
import type { Identity } from '../names.ts'
import type { ContentName } from './base-fields.ts'
import { mayErase } from './known.ts'
import type { EpochName, Erase, EraseTarget } from './schemas/erase.ts'
import type { Synod } from './schemas/synod.ts'

export interface EraseEffect {
  /** Hide these at once; end that identity's hold on them, and refuse them for it from then on. */
  readonly contents: readonly ContentName[]
  /** What left these feeds before that epoch may be dropped sooner. */
  readonly epochs: readonly EpochName[]
  /** Not the author's to erase: no effect. */
  readonly refused: readonly EraseTarget[]
}

/**
 * The effect of an `erase` in the feed of `author`; act on it once its entry is
 * verified. `synod` is the state that the entry's `synod` field names, null when it
 * names none; a state that is not here yet is a reason to wait, not null.
 */
export function eraseEffect(
  author: Identity,
  erase: Erase,
  synod: Pick<Synod, 'identities' | 'revoked'> | null,
): EraseEffect {
  const devices = devicesOf(author, synod)
  const contents: ContentName[] = []
  const epochs: EpochName[] = []
  const refused: EraseTarget[] = []
  for (const target of erase.targets) {
    if (!devices.has(target.identity)) refused.push(target)
    else if ('content' in target) contents.push(target)
    else epochs.push(target)
  }
  return { contents, epochs, refused }
}

/**
 * Whether an erased content is really hidden. `type` is null while the payload is
 * not here or cannot be opened: then it is, and counts again should it turn out to
 * be of a type that cannot be erased.
 */
export function isHiddenByErase(type: string | null): boolean {
  return type === null || mayErase(type)
}

/** The identities whose contents `author` may erase: its own, and as a member every device its synod has or had. */
function devicesOf(
  author: Identity,
  synod: Pick<Synod, 'identities' | 'revoked'> | null,
): ReadonlySet<Identity> {
  const devices = new Set([author])
  if (synod?.identities.some(([identity]) => identity === author)) {
    for (const [identity] of synod.identities) devices.add(identity)
    for (const [identity] of synod.revoked) devices.add(identity)
  }
  return devices
}
