/**
 * Comments in the order in which a conversation is read: each below what it answers.
 *
 *     oldest first, flat ─▶ depth first, with how deep each stands
 *
 * @module
 */
import { type ContentName, payloadWas } from '@effigy/core'
import type { Item } from '@effigy/react'

export interface Branch {
  readonly item: Item
  /** From 0: an answer to the beginning, or to something that is not here. */
  readonly depth: number
}

/** Deeper ones stand below each other: a phone is narrow. */
export const maxDepth = 4

export function branchesOf(comments: readonly Item[]): readonly Branch[] {
  const byName = new Map<string, Item>()
  for (const item of comments) for (const name of namesOf(item)) byName.set(keyOf(name), item)
  const below = new Map<Item, Item[]>()
  const roots: Item[] = []
  for (const item of comments) {
    const parent = parentOf(item, byName)
    if (parent === null) roots.push(item)
    else below.set(parent, [...(below.get(parent) ?? []), item])
  }
  const branches: Branch[] = []
  const seen = new Set<Item>()
  const waiting = roots.map((item): Branch => ({ item, depth: 0 })).reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next.item)) continue
    seen.add(next.item)
    branches.push(next)
    const depth = Math.min(next.depth + 1, maxDepth)
    for (const item of (below.get(next.item) ?? []).toReversed()) waiting.push({ item, depth })
  }
  // Comments that answer each other in a ring hang from nothing.
  for (const item of comments) if (!seen.has(item)) branches.push({ item, depth: 0 })
  return branches
}

function parentOf(item: Item, byName: ReadonlyMap<string, Item>): Item | null {
  const { state } = item
  if (state.type !== 'shown' || state.payload.type !== 'comment') return null
  const parent = byName.get(keyOf(state.payload.target)) ?? null
  return parent === item ? null : parent
}

function namesOf({ identity, content, state }: Item): readonly ContentName[] {
  const former = state.type === 'shown' ? payloadWas(state.payload) : []
  return [{ identity, content }, ...former.filter((name) => name.identity === identity)]
}

const keyOf = ({ identity, content }: ContentName): string => `${identity} ${content}`
