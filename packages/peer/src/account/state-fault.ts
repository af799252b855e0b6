/**
 * Why a state of an account is not written, in words; apart from who writes it, so that what comes later may say it too.
 *
 * @module
 */
import { EffigyError, type MoveFault } from '@effigy/core'

const messages: Readonly<Record<MoveFault['code'], string>> = {
  'no-state': 'The newest state of the account is not here. Connect to a hub or another device first.',
  disputed: 'Two different states of the account are known. Only its words end that: move the account.',
  'too-many-members': 'An account has at most 24 devices. Revoke one first.',
  'too-many-revoked':
    'The account remembers 24 revoked devices and has no room for one more. Forget the oldest.',
  'already-member': 'This device belongs to the account already.',
  'not-a-member': 'This is no device of the account.',
  'was-revoked': 'This device was revoked: it joins only with a new home, as a new device.',
  'not-revoked': 'This device is not revoked.',
  serial: 'Another device joined meanwhile. Link it again.',
  'main-device':
    'The main device cannot go like that. Hand its role over, or move the account with its words.',
  'state-too-large': 'The account has no room for this. Shorten its profile.',
  'profile-too-large': 'The profile leaves no room for the devices that an account may have. Shorten it.',
  'state-field': 'This cannot stand in an account: check names, addresses and labels.',
  'wrong-phrase': 'These are not the words of this account, or no longer.',
  'too-many-moves': 'The account moved 16 times, which is all it can.',
  'final-epoch': 'The feed of an account has no epoch but 1.',
}

export function stateFault(fault: MoveFault): EffigyError {
  return new EffigyError(fault.code, messages[fault.code])
}
