/**
 * What all codes that people pass on have in common (spec L1, L2): a text that says what it is for.
 *
 *     effigy-link-1-<body, base64url><checksum>      effigy-invite-1-…      effigy-safety-1-…
 *
 * A text that is ours with a slip in it is told from one that never was ours, and a code for one
 * purpose from a code for another, whatever version it has.
 *
 * @module
 */
import { encodeBase64url, parseBase64url } from '../base.ts'
import { utf8 } from '../bytes.ts'
import type { Sha256 } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'

/** `safety`: two people make sure of each other. */
export type CodePurpose = 'link' | 'invite' | 'safety'

/** Why a text is not the code that was asked for; people read `codeMessages`. */
export type CodeTextFault =
  /** Nothing of ours. */
  | { readonly code: 'code-foreign' }
  /** Ours, but a slip or a piece missing. */
  | { readonly code: 'code-damaged' }
  /** Ours and whole, by a later version. */
  | { readonly code: 'code-version' }
  /** An invite where a link code was asked for. */
  | { readonly code: 'code-invite' }
  /** A link code where an invite was asked for. */
  | { readonly code: 'code-link' }
  /** A code for making sure of a person where another one was asked for. */
  | { readonly code: 'code-safety' }

/** Characters of a whole code: what a QR code can still show, with room for four addresses. */
export const maxCodeLength = 2_048

/** UTF-16 units of what a person may paste: a code, white space of a mail around it, an address before it. */
const maxPastedLength = 8_192

const purposes: readonly CodePurpose[] = ['invite', 'link', 'safety']

/** Of this version, for all purposes. */
const codeVersion = 1

const form = /^effigy-([a-z]{1,16})-([1-9][0-9]{0,2})-([A-Za-z0-9_-]+)$/
const checksumPrefix = 'effigy/code/1\n'
const checksumBytes = 4
/** base64url of `checksumBytes`. */
const checksumLength = 6

/** White space, and what looks like nothing: soft hyphens and zero-width characters of mail programs. */
const blanks = /[\s\u00ad\u200b-\u200d\u2060]+/g

export function writeCodeText(purpose: CodePurpose, body: Uint8Array, sha256: Sha256): string {
  const text = `effigy-${purpose}-${codeVersion}-${encodeBase64url(body)}`
  return text + checksumOf(text, sha256)
}

/**
 * The body of a code for `purpose`. Takes the code alone, with white space anywhere, or an address that has it
 * behind its `#`. Never throws.
 */
export function readCodeText(
  text: string,
  purpose: CodePurpose,
  sha256: Sha256,
): Result<Uint8Array, CodeTextFault> {
  if (text.length > maxPastedLength) return err({ code: 'code-foreign' })
  const pasted = text.replace(blanks, '')
  const code = pasted.slice(pasted.lastIndexOf('#') + 1)
  // By its first letters alone, and first of all: the wrong scanner says so of a damaged code, too.
  const other = purposes.find((each) => each !== purpose && code.startsWith(`effigy-${each}-`))
  if (other !== undefined) return err({ code: `code-${other}` })
  if (!code.startsWith('effigy-')) return err({ code: 'code-foreign' })
  const [, givenPurpose, version, rest] = form.exec(code) ?? []
  if (rest === undefined || code.length > maxCodeLength) return err({ code: 'code-damaged' })
  const end = code.length - checksumLength
  if (code.slice(end) !== checksumOf(code.slice(0, end), sha256)) return err({ code: 'code-damaged' })
  // Whole, so somebody meant it: a purpose or a version that we do not know yet.
  if (givenPurpose !== purpose || version !== String(codeVersion)) return err({ code: 'code-version' })
  const body = parseBase64url(rest.slice(0, -checksumLength))
  return body === null ? err({ code: 'code-damaged' }) : ok(body)
}

function checksumOf(text: string, sha256: Sha256): string {
  return encodeBase64url(sha256(utf8(checksumPrefix + text)).subarray(0, checksumBytes))
}
