/**
 * What every `FeedStore` must do, whatever is below it; the bracketed ids are rules of SPEC.md.
 *
 * @module
 */
import { actingContract } from './contract-acting.ts'
import { chainContract } from './contract-chains.ts'
import { changeContract } from './contract-changes.ts'
import type { OpenFeeds, OpenFeedsOptions } from './open-feeds.ts'

/** `open` gives an empty store. */
export function feedStoreContract(open: (options?: OpenFeedsOptions) => OpenFeeds): void {
  chainContract(open)
  changeContract(open)
  actingContract(open)
}
