/**
 * The device with a lock that takes the place of a plain one, over the same store (spec K16, Y26).
 *
 *     vault.prepare ─▶ state of the account ─▶ vault.takeNext        killed in between: the account's word decides at the next start
 *
 * @module
 */
import { encodeBase64url, type Identity, identityOfKey, type SynodMember, signMember } from '@effigy/core'
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

/** Before keys are used: which device is this one, where one waits to take its place. */
export async function settleRenewal(
  vault: Pick<VaultDatabase, 'next' | 'takeNext' | 'dropNext' | 'state' | 'signer'>,
  { synods }: Pick<Store, 'synods'>,
): Promise<void> {
  if (vault.state !== 'plain' || synods === undefined) return
  const next = await vault.next()
  if (next === null) return
  const self = identityOfKey(vault.signer.publicKey)
  const root = synods.accountOf(self)
  const standings = root === null ? undefined : synods.account(root)?.standings
  const isMember = (device: Identity): boolean => standings?.get(device)?.type === 'member'
  if (isMember(identityOfKey(next.identity))) await vault.takeNext()
  // Where the account is not known, as when the store was lost, both are kept: it will be told.
  else if (isMember(self)) await vault.dropNext()
}
