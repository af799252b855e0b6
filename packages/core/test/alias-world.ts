/**
 * Aliases with fixed contents, good and bad: what `spec/vectors/aliases.json` holds.
 *
 * @module
 */
import type { Root } from '../src/account/keys.ts'
import { encodeBase64url } from '../src/base.ts'
import { parseUtf8 } from '../src/bytes.ts'
import { type AliasClaim, signAlias } from '../src/services/alias.ts'
import { author } from './world.ts'

const [hub, synod] = [author(9), author(4)]

export const aliasClaim: AliasClaim = {
  alias: 'alice',
  hub: hub.identity,
  synod: synod.identity,
  root: encodeBase64url(new Uint8Array(32).fill(9)) as Root,
  at: 1_790_000_000_000,
}

export async function aliasVectors() {
  const text = parseUtf8(await signAlias(aliasClaim, hub.signer)) ?? ''
  const reject = (name: string, changed: string, code: string) => ({ name, text: changed, code })
  return {
    texts: [
      { text: 'alice@hub.example', says: { name: 'alice', host: 'hub.example' } },
      { text: ' @Alice@Hub.Example ', says: { name: 'alice', host: 'hub.example' } },
      { text: 'a.b-c_d9@hub.example:8443', says: { name: 'a.b-c_d9', host: 'hub.example:8443' } },
      { text: 'al@localhost:7337', says: { name: 'al', host: 'localhost:7337' } },
      { text: 'al@[::1]:7337', says: { name: 'al', host: '[::1]:7337' } },
      { text: `${'a'.repeat(32)}@h`, says: { name: 'a'.repeat(32), host: 'h' } },
      ...[
        'alice',
        '@alice',
        'alice@',
        'a@hub.example',
        `${'a'.repeat(33)}@h`,
        '.alice@hub.example',
        'alice-@hub.example',
        'al..ice@hub.example',
        'alicé@hub.example',
        'alice@hub.example@other.example',
        'alice@hub.example/path',
        'alice@hub.example?x',
        'alice@hub.example#x',
        'alice@hub..example',
        'alice@-hub.example',
        'alice@hüb.example',
        'alice@user:pw@hub.example',
        'alice@hub.example:443',
        'alice@hub.example:0',
        'alice@hub.example:65536',
        'did:key:z6Mkghn9v3cgLQxqtcrnn9KxzUV9ykwf4AqZfNj6oxbWSbmx',
        `alice@${'h'.repeat(128)}`,
      ].map((given) => ({ text: given, says: null })),
    ],
    accept: [{ name: 'an alias', text, says: { ...aliasClaim } }],
    reject: [
      reject('a name in upper case', text.replace('"alice"', '"Alice"'), 'encoding'),
      reject('a whole address', text.replace('"alice"', '"alice@hub.example"'), 'encoding'),
      reject('no root', text.replace(/"root":"[^"]+"/, '"root":null'), 'encoding'),
      reject('no time', text.replace(/,"at":\d+/, ''), 'encoding'),
      reject('a field more', text.replace('"v":1', '"v":1,"x":1'), 'encoding'),
      reject('a space', text.replace('"v":1', '"v": 1'), 'encoding'),
      reject('no signature', text.slice(0, -87), 'encoding'),
      reject('a later version', text.replace('"v":1', '"v":2'), 'version'),
      reject('too large', text + 'A'.repeat(512), 'too-large'),
      reject('another name under the same signature', text.replace('"alice"', '"bobby"'), 'signature'),
      reject('another time under the same signature', text.replace('"at":179', '"at":180'), 'signature'),
    ],
  }
}
