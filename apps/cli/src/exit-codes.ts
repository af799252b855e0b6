/**
 * What the program's exit code says, for scripts: one number a kind of trouble.
 *
 *     error code `storage-full` ─exitCodeOf▶ 5
 *
 * @module
 */

export const exitCode = {
  ok: 0,
  /** A check found something that is not as it must be. */
  wrong: 1,
  usage: 2,
  notFound: 3,
  network: 4,
  storage: 5,
  refused: 6,
  /** Nobody's mistake but ours. */
  bug: 70,
  /** 128 and SIGINT, as shells have it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

const codesByKind: Readonly<
  Record<'wrong' | 'usage' | 'notFound' | 'network' | 'storage' | 'refused', string>
> = {
  wrong:
    'lease-broken shares-damaged shares-differ damage-found backup-damaged not-a-backup import-damaged import-incomplete feed-forked not-an-image media-damaged blob-refused blob-damaged blob-altered',
  usage:
    'usage which-hub invite-as-address bad-name alias-invalid lease-terms presence-alone presence-too-many bad-address config-value config-key secret-argument text-not-utf8 text-too-long identity-invalid entry-short bad-range ' +
    'payload-invalid payload-too-large file-in-clear entry-too-large phrase-invalid not-editable cannot-strip media-metadata media-too-large yes-needed ' +
    'not-theirs code-foreign code-damaged code-version code-invite code-link wrong-phrase final-invalid final-epoch state-field ' +
    'pairing-self compare-needed link-label link-place passphrase-needed passphrase-differs passphrase-file passphrase-short ' +
    'passphrase-long identity-needed too-many-people words-needed words-count phrase-word-wrong phrase-not-asked ' +
    'phrase-file-needed phrase-needed custodian-unknown custodian-self custodian-twice custodian-count name-line which-account ' +
    'drop-too-large not-a-file not-a-directory blob-too-large no-comparable-left',
  notFound:
    'alias-unknown alias-no-account home-absent entry-unknown entry-ambiguous identity-unknown identity-ambiguous blob-absent file-absent ' +
    'path-absent file-not-of-entry hub-unknown profile-absent feed-absent no-account device-unknown device-ambiguous account-not-found ' +
    'no-sighting no-conversation no-request not-a-member not-revoked ' +
    'group-unknown group-ambiguous not-split not-held too-few-shares not-disputed not-found',
  network:
    'alias-unreachable alias-redirect alias-too-fast alias-bad-answer alias-stale too-fast no-hub unreachable network version identity own-identity not-admitted timeout not-settled hub-refused cut stalled ' +
    'lan-nobody lan-unavailable no-webrtc turned-away pairing-cut pairing-timeout cannot-listen no-state nobody-asked drop-no-box drop-no-key',
  storage:
    'storage-full storage-locked storage-damaged storage-failed storage-newer home-unwritable vault vault-exposed vault-damaged work-factor backup-changed backup-version memory ' +
    'config-damaged config-unwritable file-unreadable file-unwritable',
  refused:
    'joining-refused newcomer invite-damaged invite-foreign invite-unknown invite-altered invite-revoked invite-expired invite-used hub-full ' +
    'too-many full words-differ taken not-yours unknown-service alias-private alias-denied vault-locked passphrase-wrong not-for-us home-exists file-exists lease-refused name-unsafe declined not-own not-erasable own-feed-incomplete restored absent not-watched terminal-binary ' +
    'cannot-remove secret-hidden self-target has-account not-main main-device denied other-account no-vault revoked ' +
    'leaving disputed too-many-members too-many-revoked already-member was-revoked serial state-too-large ' +
    'profile-too-large group-former group-changing group-admins-only group-senior no-box-key too-many-moves code-expired code-used pairing-cancelled pairing-mismatch pairing-broken ' +
    'feed-private feed-public not-sealable feed-key-absent too-many-readers ' +
    'pairing-state pairing-both-linked pairing-neither-linked pairing-other-account phrase-gone busy asked-again account-refused phrase-unconfirmed main-without-key ' +
    'own-feed-disputed fork-incomplete head-stale still-followed leased link-listed not-own-entry sealed-target erased-target ' +
    'blocked bad-request too-large',
}

const kinds: ReadonlyMap<string, ExitCode> = new Map(
  (Object.keys(codesByKind) as (keyof typeof codesByKind)[]).flatMap((kind) =>
    codesByKind[kind].split(' ').map((code): [string, ExitCode] => [code, exitCode[kind]]),
  ),
)

/** The exit code for an error's stable code; a code that is not listed counts as a bug of ours. */
export function exitCodeOf(code: string): ExitCode {
  return kinds.get(code) ?? exitCode.bug
}

/** Every error code that has an exit code, for tests that walk the table. */
export const knownErrorCodes: readonly string[] = [...kinds.keys()]
