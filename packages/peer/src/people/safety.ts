/**
 * Making sure of somebody: the number that both compare, and the code that a camera reads (spec Y41-Y43).
 *
 * @module
 */
import {
  type Account,
  accountKey,
  err,
  type Identity,
  ok,
  parseSafetyCode,
  type Result,
  type SafetyCode,
  type Sha256,
  safetyNumber,
  writeSafetyCode,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Card, Cards } from './cards.ts'
import type { SafetyView, ScanFault } from './people.ts'

export interface SafetyPorts {
  readonly store: Pick<Store, 'synods' | 'feed' | 'entry'>
  readonly self: Identity
  readonly cards: Cards
  readonly sha256: Sha256
}

export function safetyOf(ports: SafetyPorts, identity: Identity): SafetyView | null {
  const me = ports.cards.of(ports.self).person
  const { person } = ports.cards.of(identity)
  if (accountKey(me) === accountKey(person) || hasUnknownAccount(ports.store, person)) return null
  const number = safetyNumber(me, person)
  return { identity: person.identity, number, code: writeSafetyCode({ ...me, number }, ports.sha256) }
}

/** Who is meant by a code that was scanned, when all that it says is so here. */
export function judgeScan(
  ports: SafetyPorts,
  text: string,
  expected: Identity | null,
): Result<Card, ScanFault> {
  const { store, self, cards } = ports
  const read = parseSafetyCode(text, ports.sha256)
  if (!read.ok) return read
  const code = read.value
  const me = cards.of(self).person
  if (accountKey(code) === accountKey(me) || code.identity === me.identity)
    return err({ code: 'safety-self' })
  const card = cardOf(ports, code)
  if (expected !== null) {
    const meant = accountKey(cards.of(expected).person)
    if (meant !== accountKey(card?.person ?? code)) return err({ code: 'safety-not-them' })
  }
  if (card === null || hasUnknownAccount(store, card.person)) return err({ code: 'safety-unknown' })
  const { person } = card
  if (person.root !== code.root || person.identity !== code.identity || card.isDisputed) {
    return err({ code: 'safety-moved' })
  }
  return code.number === safetyNumber(me, person) ? ok(card) : err({ code: 'safety-other-you' })
}

function cardOf({ store, cards }: SafetyPorts, { identity, root }: SafetyCode): Card | null {
  if (root === null) return store.feed(identity) === null ? null : cards.of(identity)
  const authority = store.synods?.account(root) ?? null
  return authority === null ? null : cards.of(authority.identity)
}

/** Its newest entry names an account of which nothing is here: its own number would be over that. */
function hasUnknownAccount({ feed, entry }: SafetyPorts['store'], { identity, root }: Account): boolean {
  const head = root === null ? feed(identity)?.record?.head.head : undefined
  return head !== undefined && (entry(head)?.signed.entry.synod ?? null) !== null
}
