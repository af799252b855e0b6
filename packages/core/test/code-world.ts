/**
 * Codes with fixed contents, good and bad: what `spec/vectors/pairing-codes.json` holds.
 *
 * @module
 */

import type { Root } from '../src/account/keys.ts'
import { encodeBase64url, parseBase64url } from '../src/base.ts'
import { concatBytes, utf8 } from '../src/bytes.ts'
import { type InviteClaim, inviteTokenName, signInvite, writeInviteCode } from '../src/codes/invite-code.ts'
import { type LinkCode, writeLinkCode } from '../src/codes/link-code.ts'
import { author, sha256 } from './world.ts'

/** Before it all codes here are good. */
export const codeExpires = 1_800_000_120_000

const fill = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value)
const root = encodeBase64url(fill(9)) as Root
const [phone, laptop, hub] = [author(1).identity, author(2).identity, author(3).identity]

export const linkCodes: Readonly<Record<string, LinkCode>> = {
  'shown on a linked device': {
    identity: laptop,
    secret: fill(5, 16),
    expires: codeExpires,
    root,
    places: [
      [laptop, 'ws://192.168.1.7:7337/effigy/1'],
      [hub, 'wss://hub.example/effigy/1'],
    ],
  },
  'shown on the new device': {
    identity: phone,
    secret: fill(6, 16),
    expires: codeExpires,
    root: null,
    places: [[hub, 'wss://hub.example/effigy/1']],
  },
  'of who dials itself': {
    identity: phone,
    secret: fill(7, 16),
    expires: codeExpires,
    root: null,
    places: [],
  },
}

export const inviteClaims: Readonly<Record<string, InviteClaim>> = {
  'from an account': {
    from: laptop,
    name: 'Zoë <b>Müller</b>',
    account: { synod: author(4).identity, root },
    hub,
    url: 'wss://hub.example/effigy/1',
    token: fill(8, 16),
    until: codeExpires,
    count: 5,
  },
  'from a lone device': {
    from: laptop,
    name: '',
    account: null,
    hub,
    url: 'ws://10.0.0.1:7337/effigy/1',
    token: fill(9, 16),
    until: codeExpires,
    count: 1,
  },
}

export const inviteOf = (claim: InviteClaim) => signInvite(claim, author(2).signer)

/** Any body as a code with a right checksum. */
export function codeText(head: string, body: Uint8Array): string {
  const text = head + encodeBase64url(body)
  return text + encodeBase64url(sha256(utf8(`effigy/code/1\n${text}`)).subarray(0, 4))
}

/** Of a code of ours. */
export function codeBody(text: string): Uint8Array {
  return parseBase64url(text.replace(/^effigy-[a-z]+-1-/, '').slice(0, -6)) as Uint8Array
}

export async function codeVectors() {
  const links = Object.entries(linkCodes).map(([name, code]) => ({
    name,
    purpose: 'link',
    text: writeLinkCode(code, sha256),
    says: {
      identity: code.identity,
      secret: encodeBase64url(code.secret),
      expires: code.expires,
      root: code.root,
      places: code.places,
    },
  }))
  const invites = []
  for (const [name, claim] of Object.entries(inviteClaims)) {
    const invite = await inviteOf(claim)
    const { from, name: inviter, account, hub, url, token, until, count, signature } = invite
    invites.push({
      name,
      purpose: 'invite',
      text: writeInviteCode(invite, sha256),
      says: {
        from,
        name: inviter,
        account,
        hub,
        url,
        token: encodeBase64url(token),
        until,
        count,
        signature: encodeBase64url(signature),
      },
    })
  }
  const [link, invite] = [links[0]?.text ?? '', invites[0]?.text ?? '']
  const body = codeBody(link)
  const changed = (at: number, value: number): Uint8Array => {
    const copy = new Uint8Array(body)
    copy[at] = value
    return copy
  }
  const flagAt = 32 + 16 + 6
  const reject = (name: string, purpose: string, text: string, code: string) => ({
    name,
    purpose,
    text,
    code,
  })
  return {
    nowMs: codeExpires - 60_000,
    tokenNames: Object.values(inviteClaims).map(({ token }) => ({
      token: encodeBase64url(token),
      name: inviteTokenName(token, sha256),
    })),
    accept: [
      ...links,
      ...invites,
      { ...links[1], name: 'behind the # of an address', text: `https://a.example/x#${links[1]?.text}` },
      { ...links[1], name: 'broken into lines', text: ` ${links[1]?.text.replace(/(.{40})/g, '$1\r\n ')}\n` },
    ],
    reject: [
      reject('nothing', 'link', '', 'code-foreign'),
      reject('an address', 'link', 'wss://hub.example/effigy/1#did:key:z6Mk', 'code-foreign'),
      reject('another program’s code', 'link', 'sgnl://linkdevice?uuid=x&pub_key=y', 'code-foreign'),
      reject('an invite', 'link', invite, 'code-invite'),
      reject('a link code', 'invite', link, 'code-link'),
      reject('an invite with a slip', 'link', `${invite.slice(0, -1)}~`, 'code-invite'),
      reject('a link code of a later version', 'invite', codeText('effigy-link-2-', body), 'code-link'),
      reject('a link code of a later version', 'link', codeText('effigy-link-2-', body), 'code-version'),
      reject('another purpose', 'link', codeText('effigy-share-1-', body), 'code-version'),
      reject(
        'a letter changed',
        'link',
        `${link.slice(0, 40)}${link[40] === 'A' ? 'B' : 'A'}${link.slice(41)}`,
        'code-damaged',
      ),
      reject(
        'a letter in lower case',
        'link',
        link.replace(/[A-Z]/, (letter) => letter.toLowerCase()),
        'code-damaged',
      ),
      reject('the end missing', 'link', link.slice(0, -20), 'code-damaged'),
      reject('no body', 'link', 'effigy-link-1-', 'code-damaged'),
      reject('a version with a zero', 'link', codeText('effigy-link-01-', body), 'code-damaged'),
      reject(
        'a byte more',
        'link',
        codeText('effigy-link-1-', concatBytes(body, fill(0, 1))),
        'code-damaged',
      ),
      reject('a byte less', 'link', codeText('effigy-link-1-', body.subarray(0, -1)), 'code-damaged'),
      reject(
        'a root that is neither there nor not',
        'link',
        codeText('effigy-link-1-', changed(flagAt, 2)),
        'code-damaged',
      ),
      reject('five places', 'link', codeText('effigy-link-1-', changed(flagAt + 33, 5)), 'code-damaged'),
      reject(
        'a space in an address',
        'link',
        codeText('effigy-link-1-', changed(body.length - 3, 0x20)),
        'code-damaged',
      ),
      reject(
        'an invite for nobody',
        'invite',
        codeText('effigy-invite-1-', zeroCount(codeBody(invite))),
        'code-damaged',
      ),
      reject(
        'an invite whose name has a line break',
        'invite',
        codeText('effigy-invite-1-', nameChanged(codeBody(invite), 0x0a)),
        'code-damaged',
      ),
      reject(
        'an invite whose name is no UTF-8',
        'invite',
        codeText('effigy-invite-1-', nameChanged(codeBody(invite), 0xff)),
        'code-damaged',
      ),
    ],
    expired: [
      { purpose: 'link', text: link, nowMs: codeExpires },
      { purpose: 'invite', text: invite, nowMs: codeExpires },
    ],
  }
}

function zeroCount(body: Uint8Array): Uint8Array {
  const copy = new Uint8Array(body)
  copy[16 + 6] = 0
  return copy
}

/** The first letter of the name, behind token, until, count, inviter and its length. */
function nameChanged(body: Uint8Array, byte: number): Uint8Array {
  const copy = new Uint8Array(body)
  copy[16 + 6 + 1 + 32 + 1] = byte
  return copy
}
