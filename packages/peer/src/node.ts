/**
 * A peer on this machine's disk: vault, store and threads in one home folder.
 *
 *     HOME ─createHome▶ vault.json ─openNodePeer▶ Peer
 *
 * @module
 */
export { type CreateHomeOptions, createHome, isHome } from './node/home.ts'
export { type LanPeerOptions, openLanPeer } from './node/lan.ts'
export { type NodePeer, type NodePeerOptions, openNodePeer } from './node/open.ts'
export { maxPassphraseLineBytes, passphraseOfLine, readPassphraseFile } from './node/passphrase-file.ts'
export { unlockVault } from './node/unlock.ts'
