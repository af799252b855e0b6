/**
 * Whether something that one said has left this device.
 *
 *     what each place says that it has ─▶ farthest ─▶ only here │ on its way or there
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { DeliveryView } from '@effigy/peer'
import type { Item } from '@effigy/store'

/** Up to where at least one place besides this device has all of what was written here; 0: nobody has any. */
export function farthestOf(places: DeliveryView['places']): number {
  return Math.max(0, ...places.map(({ length }) => length))
}

/** What was written with another device came from there. */
export function isOnlyHere(
  item: Pick<Item, 'identity' | 'length'>,
  self: Identity,
  farthest: number,
): boolean {
  return item.identity === self && item.length > farthest
}
