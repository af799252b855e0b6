/**
 * What others have of devices that left without an end: none of it is taken until a person says so (spec Y12).
 *
 *     account.frozen ─told beyond held▶ how much, of which device
 *
 * @module
 */
import type { Final } from '@effigy/core'
import type { AccountView, FrozenDevice } from '@effigy/peer'

export interface KeptOut extends FrozenDevice {
  readonly told: Final
  /** Entries beyond what is here, by that device's own word. */
  readonly count: number
}

/** Of nobody for a device that is out of the account itself. */
export function keptOutOf(account: Pick<AccountView, 'role' | 'frozen'> | null): readonly KeptOut[] {
  if (account === null || account.role === 'revoked' || account.role === 'frozen') return []
  return account.frozen.flatMap(({ told, ...device }) => {
    const count = told === null ? 0 : told[1] - (device.held?.[1] ?? 0)
    if (told === null || count <= 0) return []
    return [{ ...device, label: device.label || `…${device.identity.slice(-8)}`, told, count }]
  })
}
