/**
 * Notices a restored disk (spec S13): vault and store share a number that is renewed at each open,
 * and where both came back from one copy, the time since they were last open tells.
 *
 *     store: next = n+1 ─▶ vault: n+1 ─▶ store: instance = n+1      a crash anywhere between is no alarm
 *     store: seen = now, at each open and every hour                a week ago, or ahead of the clock: absent
 *
 * A store that is older than its vault, or than the device was, may lack entries that this device has published;
 * writing over them would fork the feed. The alarm stands, over any number of starts, until it is lifted.
 *
 * @module
 */
import type { Vault, VaultContents } from '@effigy/crypto'
import type { Store } from '@effigy/store'

/** `absent`: a long time, or a clock that went back, may be a copy of vault and store together. */
export type Continuity = 'continued' | 'restored' | 'absent'

/** What of a vault is asked for. */
export interface InstanceVault extends Pick<Vault, 'newInstance'> {
  /** Null when nothing was stored yet. */
  read(): Pick<VaultContents, 'instance'> | null
}

type Settings = Pick<Store, 'setting' | 'saveSetting'>

const alarmKey = 'restored'
const absentKey = 'absent'
const seenKey = 'seen'
const metKey = 'met'

/** Not open for longer than that, ms, a device asks before it writes. */
export const longAbsenceMs: number = 7 * 24 * 60 * 60 * 1000

/** Clocks are put right by less, ms. */
const clockStepMs: number = 60 * 60 * 1000

const deviceKeys = ['instance', 'instance-next', absentKey, seenKey, metKey]

/** What a store has of all this, for one that is made anew in its place while it is empty: it is no copy of before. */
export function continuityOf(store: Pick<Store, 'setting'>): readonly (readonly [string, string | null])[] {
  return [alarmKey, ...deviceKeys].map((key) => [key, store.setting(key)])
}

/** Renews the number; tells whether store and vault belong together, and (`now`, wall clock, ms) how long they were not used. */
export async function renewInstance(
  vault: InstanceVault,
  store: Settings,
  now: number | null = null,
): Promise<Continuity> {
  const held = vault.read()?.instance ?? 1
  const stored = store.setting('instance')
  const announced = store.setting('instance-next')
  // Announced or not: the first open may have been killed before the vault had the number.
  const isFirst = stored === null && held === 1
  const belongs = isFirst || stored === String(held) || announced === String(held)
  // Before the numbers agree again.
  if (!belongs) store.saveSetting(alarmKey, String(held))
  if (now !== null && wasAbsent(store, now)) store.saveSetting(absentKey, String(now))
  store.saveSetting('instance-next', String(held + 1))
  const next = await vault.newInstance()
  store.saveSetting('instance', String(next))
  if (now !== null) noteSeen(store, now)
  if (store.setting(alarmKey) !== null) return 'restored'
  return store.setting(absentKey) === null ? 'continued' : 'absent'
}

function wasAbsent(store: Settings, now: number): boolean {
  const seen = store.setting(seenKey)
  // Nobody ever had anything of this device: there is nothing to fork.
  if (seen === null || store.setting(metKey) === null) return false
  return now - Number(seen) > longAbsenceMs || now < Number(seen) - clockStepMs
}

/** This store was in use at that time; call it now and then. */
export function noteSeen(store: Settings, now: number): void {
  store.saveSetting(seenKey, String(now))
}

/** Somebody else may have entries of this device from now on. */
export function noteMet(store: Settings): void {
  if (store.setting(metKey) === null) store.saveSetting(metKey, '1')
}

/** Others have shown that nothing which this device published is missing. */
export function liftAlarm(store: Settings): void {
  for (const key of [alarmKey, absentKey]) if (store.setting(key) !== null) store.saveSetting(key, null)
}

/**
 * This store was put here from a copy: what it published since is not in it. Without its key (`hasKey`) the device that
 * goes on with it is another one, which published nothing.
 */
export function noteRestored(store: Pick<Store, 'setting' | 'saveSettings'>, hasKey: boolean): void {
  store.saveSettings(
    hasKey ? [[alarmKey, 'backup']] : [alarmKey, ...deviceKeys].map((key): [string, null] => [key, null]),
  )
}
