/**
 * Whom the hub turns away (spec V91): by identity, or by the root of an account with all it ever had and gets.
 *
 *     records `blocks` ─▶ isBlocked(identity), identities() ─▶ peer (sessions, serving), members (tracking)
 *
 * @module
 */
import { type Identity, parseIdentity, parseRoot } from '@effigy/core'
import type { Log } from '@effigy/sync'
import type { HubStore } from '../ports/hub-store.ts'
import { recordOf } from '../ports/record-json.ts'
import { openMirror } from './mirror.ts'
import { identitiesOf, type KnownAccounts, type PersonName } from './persons.ts'

export interface Block {
  readonly who: PersonName
  /** The operator's note, for operators. */
  readonly reason: string | null
  /** Ms. */
  readonly at: number
}

export interface Blocks {
  readonly list: readonly Block[]
  isBlocked(identity: Identity): boolean
  /** Whether a block is by this very name. */
  names(who: PersonName): boolean
  /** Everybody, as far as accounts are known now. */
  identities(): ReadonlySet<Identity>
  /** False: there are too many. */
  add(block: Block): Promise<boolean>
  /** False: there was none. */
  remove(who: PersonName): Promise<boolean>
}

export interface BlocksDeps {
  readonly records: HubStore
  /** Null while it is not open. */
  readonly store: () => KnownAccounts | null
  readonly log: Log
  readonly onChange: () => void
  readonly signal: AbortSignal
}

/** All are kept at hand. */
export const maxBlocks = 10_000

export async function openBlocks({ records, store, log, onChange, signal }: BlocksDeps): Promise<Blocks> {
  const bucket = records.bucket('blocks')
  const blocks = await openMirror<Block>({ bucket, parse, name: 'blocks', log, onChange, signal })

  function isBlocked(identity: Identity): boolean {
    if (blocks.size === 0) return false
    if (blocks.get(identity) !== null) return true
    const root = store()?.synods?.accountOf(identity) ?? null
    return root !== null && blocks.get(root) !== null
  }

  return {
    get list() {
      return Array.from(blocks.entries(), ([, block]) => block)
    },
    isBlocked,
    names: (who) => blocks.get(who) !== null,
    identities() {
      const known = store() ?? { synods: undefined }
      return new Set(Array.from(blocks.entries(), ([, { who }]) => identitiesOf(known, who)).flat())
    },
    async add(block) {
      if (blocks.get(block.who) === null && blocks.size >= maxBlocks) return false
      return (await blocks.put(block.who, block)).ok
    },
    remove: blocks.delete,
  }
}

function parse(value: unknown, key: string): Block | null {
  const { reason, at } = recordOf(value)
  const who = parseIdentity(key) ?? parseRoot(key)
  if (who === null || !Number.isSafeInteger(at)) return null
  return { who, reason: typeof reason === 'string' ? reason : null, at: at as number }
}
