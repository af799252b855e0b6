/**
 * The device with a lock that takes the place of a plain one, over the same store (spec K16, Y26).
 *
 *     vault.prepare ─▶ state of the account ─▶ vault.takeNext        killed in between: the account's word decides at the next start
 *
 * @module
 */
import { encodeBase64url, identityOfKey, type SynodMember, signMember } from '@effigy/core'
import type { LockSecret, VaultDatabase } from '@effigy/crypto/browser'
import type { Store } from '@effigy/store'
import type { JoinAs } from '../account/account.ts'

/** Makes it, durably, and its word for the account. */
export async function joinNext(
  vault: Pick<VaultDatabase, 'prepare'>,
  lock: LockSecret,
  { root, serial, label }: JoinAs,
): Promise<SynodMember> {
  const { box, identity, signer } = await vault.prepare(lock)
  return signMember(
    root,
    { identity: identityOfKey(identity), box: encodeBase64url(box), label, serial },
    signer,
  )
}

/** Whether the account of a device lists it no more, and another one that waits to take its place (32 bytes each). */
export function succession({
  synods,
}: Pick<Store, 'synods'>): (next: Uint8Array, mine: Uint8Array) => boolean {
  return (next, mine) => {
    // Where the account is not known, as when the store was lost, both are kept: it will be told.
    const root = synods?.accountOf(identityOfKey(mine)) ?? null
    const standings = root === null ? undefined : synods?.account(root)?.standings
    const isListed = (key: Uint8Array): boolean => standings?.get(identityOfKey(key))?.type === 'member'
    // What names any other device of the account, as script of the origin may put it there, takes nobody's place.
    return isListed(next) && !isListed(mine)
  }
}

/** Before keys are used: the device that waits takes over where the account lists it. Else it waits on, or for another one. */
export async function settleRenewal(
  vault: Pick<VaultDatabase, 'next' | 'takeNext' | 'state' | 'signer'>,
  succeeds: ReturnType<typeof succession>,
): Promise<void> {
  if (vault.state !== 'plain') return
  const next = await vault.next()
  if (next !== null && succeeds(next.identity, vault.signer.publicKey)) await vault.takeNext()
}
