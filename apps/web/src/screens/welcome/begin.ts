/**
 * From a name to an account: keys are made silently, the profile is published, the hub is chosen.
 *
 * Cut off at any point, it goes on where it was when it is called again.
 *
 * @module
 */
import type { Hub, ImageFile, InviteCode } from '@effigy/core'
import type { PagePeer, RemotePeer } from '@effigy/peer/page'
import { deviceLabel } from '../../app/device-label.ts'
import type { Here } from '../../app/here.ts'
import { noteTouch } from '../../app/idle-lock.ts'
import { profileOf, saveProfile } from '../../app/own-profile.ts'

export interface Beginning {
  readonly name: string
  readonly picture: Blob | null
  readonly invite: InviteCode | null
  readonly here: Here | null
  /** Of this browser's keys; empty: they are not locked. */
  readonly passphrase: string
  readonly signal: AbortSignal
}

/** Pixels of the longest side of a face. */
const faceSide = 512

/** Rejects as the vault, the store and the peer do, and with the codes of pictures. */
export async function begin(
  page: PagePeer,
  { name, picture, invite, here, passphrase, signal }: Beginning,
): Promise<void> {
  noteTouch(Date.now())
  // False: it is there already.
  await (passphrase === '' ? page.device.create() : page.device.create(passphrase))
  const peer = await page.ready(signal)
  if ((await peer.account.show()) === null) {
    await peer.account.create({ label: deviceLabel(navigator.userAgent), profile: { name } })
  }
  const avatar = picture === null ? null : await addFace(peer, picture, signal)
  const before = profileOf(await peer.query.profile(peer.identity))
  await saveProfile(page, peer, { name, avatar, hubs: before?.hubs ?? hubsOf(invite, here) })
  // Worth to be kept from now on; the answer is shown under Storage.
  void page.persist()
}

/** An invite's hub is added when it has let them in. */
function hubsOf(invite: InviteCode | null, here: Here | null): readonly Hub[] {
  return invite === null && here?.isOpen === true ? [[here.identity, here.url]] : []
}

export async function addFace(peer: RemotePeer, picture: Blob, signal: AbortSignal): Promise<ImageFile> {
  const { preparePicture } = await import('@effigy/peer/pictures')
  const prepared = await preparePicture(picture, {
    maxSide: faceSide,
    thumbnails: [],
    animation: 'still',
    signal,
  })
  const { root, image } = await peer.addFile(prepared.blob, { signal })
  return {
    blob: root,
    mime: image?.mime ?? prepared.blob.type,
    width: prepared.width,
    height: prepared.height,
    alt: '',
    thumbhash: prepared.thumbhash,
  }
}
