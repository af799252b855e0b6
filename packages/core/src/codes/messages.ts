/**
 * One sentence for each way in which a code can be the wrong one (spec L2): what happened, and what to do.
 *
 * @module
 */
import type { InviteCodeFault } from './invite-code.ts'
import type { LinkCodeFault } from './link-code.ts'

export type CodeFaultName = (InviteCodeFault | LinkCodeFault)['code']

export const codeMessages: Readonly<Record<CodeFaultName, string>> = {
  'code-foreign': 'This is no code of Effigy. Look for one that begins with “effigy-”.',
  'code-damaged': 'A part of this code is missing or misspelled. Copy or scan the whole code again.',
  'code-version': 'This code comes from a newer version. Update this app, then try again.',
  'code-invite':
    'This is an invite, which links no device. To accept it, open it where invites are accepted.',
  'code-link':
    'This code links a device to an account. Never use one that somebody sent you. To link your own device, go to Devices.',
  'code-safety': 'This code is for making sure of a person. To use it, open that person and choose “Verify”.',
  'code-expired': 'This code is no longer good. Make a new one.',
  'code-used': 'This code has been used already. Make a new one.',
}
