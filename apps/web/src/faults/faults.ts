/**
 * Which words a code of an error gets. Codes are stable and many; what a person can do about them is not.
 *
 *     'storage-full' ─▶ full: "There is no room left", "Free some …"
 *
 * @module
 */
import type { KeyOf } from '../words/define.ts'
import type { words } from './words.ts'

type Key = KeyOf<(typeof words)['english']>
/** `<family>` says what happened, `<family>Do` what to do. */
export type Family = { [Name in Key]: `${Name}Do` extends Key ? Name : never }[Key]

const families: Readonly<Record<Exclude<Family, 'unknown'>, readonly string[]>> = {
  away: ['unreachable', 'timeout', 'stalled', 'cut', 'not-connected', 'stopping', 'turned-away', 'offline'],
  busy: [
    'busy',
    'port-busy',
    'too-many',
    'too-fast',
    'alias-too-fast',
    'group-changing',
    'done',
    'renew',
    'duplicate',
  ],
  interrupted: ['interrupted', 'asleep', 'port-closed', 'closed', 'not-open', 'head-stale', 'not-disputed'],
  reload: [
    ...['version-newer', 'version', 'port-malformed', 'port-unknown', 'worker-crashed', 'worker-silent'],
    ...['worker-failed', 'page-refused', 'too-many-tabs', 'bad-page', 'storage-newer'],
  ],
  insecure: ['insecure-page', 'plain-http'],
  full: ['storage-full', 'quota'],
  damaged: [
    'storage-damaged',
    'vault-damaged',
    'blob-damaged',
    'storage-failed',
    'blob-altered',
    'backup-damaged',
  ],
  locked: ['vault-locked', 'storage-locked'],
  passphrase: ['passphrase-wrong', 'wrong-passphrase', 'lock-wrong'],
  passkey: ['passkey-refused', 'passkey-wrong', 'passkey'],
  passkeyNone: ['passkey-unsupported', 'passkey-exists'],
  passphraseLength: ['passphrase-short', 'passphrase-long'],
  phrase: ['phrase-invalid', 'wrong-phrase', 'other-account', 'phrase-word-wrong'],
  accountUnknown: ['account-not-found'],
  secretWords: ['secret-words'],
  secretLink: ['secret-link'],
  incomplete: ['restored', 'absent', 'own-feed-incomplete', 'fork-incomplete', 'feed-key-absent'],
  disputed: ['own-feed-disputed', 'disputed'],
  large: [
    ...['payload-too-large', 'entry-too-large', 'blob-too-large', 'image-too-large', 'port-too-large'],
    ...['drop-too-large', 'signal-too-large', 'profile-too-large', 'state-too-large'],
  ],
  picture: [
    ...['image-metadata', 'image-damaged', 'image-undecodable', 'image-timeout', 'image-unclean'],
    ...['not-an-image', 'canvas-altered', 'picture-worker', 'picture-options', 'blob-refused'],
  ],
  media: ['media-metadata', 'media-damaged', 'media-too-large'],
  bringing: ['bring-elsewhere'],
  forSome: ['sealed-target'],
  takenBack: ['erased-target'],
  missing: ['blob-absent', 'not-found', 'not-a-file', 'not-a-directory'],
  refused: [
    'blocked',
    'not-admitted',
    'proof',
    'restricted',
    'denied',
    'identity',
    'network',
    'self',
    'quota-exceeded',
    'wrong-origin',
    'wrong-host',
  ],
  invite: [
    ...[
      'invite-unknown',
      'invite-used',
      'invite-expired',
      'invite-revoked',
      'invite-altered',
      'code-damaged',
    ],
    ...[
      'code-expired',
      'code-used',
      'code-foreign',
      'code-invite',
      'code-link',
      'code-invalid',
      'code-version',
    ],
  ],
  file: [
    ...['not-a-backup', 'not-a-copy', 'copy-damaged', 'import-damaged', 'foreign', 'damaged'],
    ...['not-for-us', 'identity-needed', 'passphrase-needed'],
  ],
  fileGone: ['file-unreadable', 'image-unreadable'],
  fileNewer: ['backup-version', 'copy-version', 'newer'],
  notEmpty: ['store-not-empty'],
  copyAgain: ['copy-busy', 'copy-outrun', 'backup-changed'],
  pairing: [
    ...['pairing-cancelled', 'pairing-timeout', 'pairing-cut', 'pairing-broken', 'pairing-state'],
    ...['pairing-other-account', 'link-listed', 'link-label', 'link-place'],
  ],
  pairingMismatch: ['pairing-mismatch'],
  pairingSame: ['pairing-self', 'pairing-both-linked', 'pairing-neither-linked'],
  shares: ['too-few-shares', 'shares-damaged', 'not-split', 'not-held', 'no-request', 'which-account'],
  custodians: ['custodian-unknown', 'custodian-self', 'custodian-twice', 'custodian-count', 'name-line'],
  compared: ['safety-moved'],
  sighting: ['no-sighting'],
  wordsFirst: ['phrase-unconfirmed', 'phrase-needed', 'phrase-gone', 'phrase-not-asked'],
  alias: [
    ...[
      'alias-invalid',
      'alias-unreachable',
      'alias-private',
      'alias-redirect',
      'alias-unknown',
      'alias-bad-answer',
    ],
    ...['alias-stale', 'alias-no-account', 'alias-denied'],
  ],
  notAllowed: [
    ...[
      'not-main',
      'no-account',
      'has-account',
      'not-own-entry',
      'not-editable',
      'own-identity',
      'revoked',
      'leaving',
    ],
    ...[
      'group-admins-only',
      'group-senior',
      'group-former',
      'group-unknown',
      'main-device',
      'not-a-member',
      'no-vault',
    ],
    ...['last-lock', 'too-many-locks', 'vault-lockable', 'vault-plain', 'feed-private'],
    ...['still-followed', 'account-disputed', 'leased', 'not-possible'],
  ],
  reader: [
    'no-box-key',
    'bad-box-key',
    'drop-no-key',
    'signal-no-key',
    'drop-no-box',
    'signal-no-hub',
    'no-conversation',
  ],
  invalid: [
    'petname-invalid',
    'payload-invalid',
    'name-unsafe',
    'drop-invalid',
    'signal-invalid',
    'port-argument',
    'address-invalid',
    'bad-address',
    'bad-input',
  ],
}

const familyOf: ReadonlyMap<string, Family> = new Map(
  Object.entries(families).flatMap(([family, codes]) =>
    codes.map((code) => [code, family as Family] as const),
  ),
)

/** `unknown` where a code has no words of its own. */
export function faultFamily(code: string): Family {
  return familyOf.get(code) ?? 'unknown'
}
