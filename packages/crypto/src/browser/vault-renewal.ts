/**
 * A lock for a vault that was made plain (spec K16): its keys cannot be sealed, so another device takes its place.
 *
 *     plain A ─prepare(lock)▶ A, and B beside it ─ the account lists B for A ─takeNext▶ B, locked, and what opens A's letters
 *                                                └ it does not ─dropNext▶ A
 *
 * @module
 */
import { EffigyError, equalBytes, type Signer } from '@effigy/core'
import type { AgreementKey } from '../crypto.ts'
import type { AccountSecrets } from '../vault.ts'
import { demandGoodSecret, type LockSecret } from './vault-locks.ts'
import { damagedVault, deviceOf, type Opened, type VaultOpening } from './vault-opening.ts'
import { parseFormerRecord, parseVaultRecord, type VaultRecord } from './vault-record.ts'
import type { VaultTable } from './vault-table.ts'

/** Its public keys, 32 bytes each. */
export interface NextDevice {
  readonly identity: Uint8Array
  readonly box: Uint8Array
}

export interface PreparedDevice extends NextDevice {
  /** To join the account with. */
  readonly signer: Signer
}

export interface Renewal {
  /** Null: none waits, or what stands there is none. */
  next(): Promise<NextDevice | null>
  /** Durable when it resolves; in place of one that waited before. */
  prepare(
    lock: LockSecret,
    secrets: AccountSecrets,
  ): Promise<{ readonly next: PreparedDevice; readonly opened: Opened }>
  /** Puts it in the place of `mine`, at once with the key that opens what is sealed to it. */
  take(isMine: (found: VaultRecord) => boolean): Promise<VaultRecord>
  drop(): Promise<void>
  /** Of the device before this one. */
  formerBoxKeys(): Promise<readonly AgreementKey[]>
}

export function createRenewal(opening: VaultOpening, table: VaultTable): Renewal {
  async function next(): Promise<VaultRecord | null> {
    const value = await table.beside('next').read()
    if (value === null) return null
    const record = parseVaultRecord(value)
    return record.ok && record.value.keys.type === 'locked' ? record.value : null
  }

  return {
    async next() {
      const record = await next()
      return record === null ? null : deviceOf(record)
    },
    async prepare(lock, secrets) {
      demandGoodSecret(lock)
      const made = await opening.make(lock, table)
      const account = await opening.sealAccount(made.opened.accountKey, deviceOf(made.record), secrets)
      const record = { ...made.record, account }
      if (!parseVaultRecord(record).ok) throw damagedVault()
      await table.beside('next').write(record)
      const { signer, boxKey } = made.opened
      const device = { identity: signer.publicKey, box: boxKey.publicKey, signer }
      return { next: device, opened: { ...made.opened, secrets } }
    },
    async take(isMine) {
      // Before the transaction, which waits for nothing else.
      const mine = parseVaultRecord(await table.read())
      const former = mine.ok ? await opening.former(mine.value) : null
      return table.succeed((found, waiting) => {
        const [record, successor] = [parseVaultRecord(found), parseVaultRecord(waiting)]
        if (!record.ok || !successor.ok || successor.value.keys.type !== 'locked') throw damagedVault()
        // What has a lock is followed by nobody.
        if (record.value.keys.type === 'locked' || !isMine(record.value))
          throw new EffigyError('vault', 'The vault was opened or made anew elsewhere.')
        // The same opening of the same store goes on.
        const { instance } = record.value
        return { record: { ...successor.value, instance }, former }
      })
    },
    drop: () => table.beside('next').clear(),
    async formerBoxKeys() {
      const value = await table.beside('former').read()
      const former = value === null ? null : parseFormerRecord(value)
      if (former === null) return []
      const key = await opening.openFormer(former)
      return key !== null && equalBytes(key.publicKey, former.box) ? [key] : []
    },
  }
}
