/**
 * Notices a restored disk (DESIGN 2.3): vault and store share a number that is renewed at each open.
 *
 *     store: next = n+1 ─▶ vault: n+1 ─▶ store: instance = n+1      a crash anywhere between is no alarm
 *
 * A store that is older than its vault may lack entries that this device has published;
 * writing over them would fork the feed. The alarm stands, over any number of starts, until it is lifted.
 *
 * @module
 */
import type { Vault } from '@effigy/crypto'
import type { Store } from '@effigy/store'

export type Continuity = 'continued' | 'restored'

type Settings = Pick<Store, 'setting' | 'saveSetting'>

const alarmKey = 'restored'

/** Renews the number; tells whether store and vault belong together. */
export function renewInstance(vault: Vault, store: Settings): Continuity {
  const held = vault.read()?.instance ?? 1
  const stored = store.setting('instance')
  const announced = store.setting('instance-next')
  const isFirst = stored === null && announced === null && held === 1
  const belongs = isFirst || stored === String(held) || announced === String(held)
  // Before the numbers agree again.
  if (!belongs) store.saveSetting(alarmKey, String(held))
  store.saveSetting('instance-next', String(held + 1))
  const next = vault.newInstance()
  store.saveSetting('instance', String(next))
  return store.setting(alarmKey) === null ? 'continued' : 'restored'
}

/** Others have shown that nothing which this device published is missing. */
export function liftAlarm(store: Settings): void {
  if (store.setting(alarmKey) !== null) store.saveSetting(alarmKey, null)
}
