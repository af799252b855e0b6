/**
 * What the operator has decided of people, known before the first of them comes: who is turned away, who may have more or less.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { type Blocks, type BlocksDeps, openBlocks } from './blocks.ts'
import { openQuotas, type Quotas } from './quotas.ts'

export interface Decisions {
  readonly blocks: Blocks
  readonly quotas: Quotas
}

export interface DecisionsDeps extends Omit<BlocksDeps, 'onChange'> {
  /** Others are blocked than before; `more`: who was not. */
  readonly blocksChanged: (more: readonly Identity[]) => void
  readonly quotasChanged: () => void
}

/** Rejects as the records do. */
export async function openDecisions(deps: DecisionsDeps): Promise<Decisions> {
  let blocked: ReadonlySet<Identity> = new Set()
  let opened: Blocks | null = null
  const blocks = await openBlocks({
    ...deps,
    onChange() {
      if (opened === null) return
      const before = blocked
      blocked = opened.identities()
      deps.blocksChanged([...blocked].filter((identity) => !before.has(identity)))
    },
  })
  opened = blocks
  blocked = blocks.identities()
  return { blocks, quotas: await openQuotas({ ...deps, onChange: deps.quotasChanged }) }
}
