/**
 * What the operator has decided of people, known before the first of them comes: who is turned away, who may have more or less.
 *
 *     records `blocks` change, accounts change ─▶ who is blocked now ─▶ blocksChanged(who was not before)
 *
 * @module
 */
import type { Identity, Root } from '@effigy/core'
import type { Clock } from '@effigy/sync'
import { type Blocks, type BlocksDeps, openBlocks } from './blocks.ts'
import { openQuotas, type Quotas } from './quotas.ts'

export interface Decisions {
  readonly blocks: Blocks
  readonly quotas: Quotas
  /** From now on `blocksChanged` is told, of all who are blocked first: an earlier run may have been cut off before it let them go. */
  begin(): void
  /** About these something else is known now; told in the middle of a commit, heard after it. */
  accountsChanged(roots: Iterable<Root>): void
}

export interface DecisionsDeps extends Omit<BlocksDeps, 'onChange'> {
  /** Others are blocked than before; `more`: who was not. */
  readonly blocksChanged: (more: readonly Identity[]) => void
  readonly quotasChanged: () => void
  readonly clock: Pick<Clock, 'after'>
}

/** Rejects as the records do. */
export async function openDecisions(deps: DecisionsDeps): Promise<Decisions> {
  const { clock, signal } = deps
  let blocked: ReadonlySet<Identity> = new Set()
  let hasBegun = false
  let isDue = false
  const blocks = await openBlocks({
    ...deps,
    onChange() {
      if (hasBegun) look()
    },
  })

  function look(): void {
    const before = blocked
    blocked = blocks.identities()
    const more = [...blocked].filter((identity) => !before.has(identity))
    if (more.length > 0 || blocked.size < before.size) deps.blocksChanged(more)
  }

  return {
    blocks,
    quotas: await openQuotas({ ...deps, onChange: deps.quotasChanged }),
    begin() {
      hasBegun = true
      look()
    },
    accountsChanged(roots) {
      for (const root of roots) {
        if (isDue || !blocks.names(root)) continue
        isDue = true
        clock.after(0, () => {
          isDue = false
          // The store is closed with the hub.
          if (!signal.aborted) look()
        })
      }
    },
  }
}
