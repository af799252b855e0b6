/**
 * From the shares that came to the words (spec Z22, Z28).
 *
 *     shares ─signed by a device of their account─▶ of the account that most gave of ─by splitting, newest first─▶
 *                                                               ─join▶ words ─▶ are they its words now?
 *
 * @module
 */
import { EffigyError, type Identity, isPhraseOf, type Root, standingOf } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { askAround, type FindPorts, watchStates } from '../account/ask-around.ts'
import { phraseOfEntropy, phraseSeed, wrongPhrase } from '../account/words.ts'
import type { GivenShare } from './asked.ts'
import type { Combined } from './recovery.ts'
import { shareCheck } from './share.ts'
import { joinShares } from './splitting.ts'

export interface CombinePorts extends FindPorts {
  readonly crypto: Pick<Crypto, 'sha256' | 'verify'>
}

/** What one custodian gave. */
export interface Answered {
  /** As named. */
  readonly custodian: Identity
  readonly root: Root
  readonly given: readonly GivenShare[]
}

interface Part extends GivenShare {
  readonly custodian: Identity
}

export async function combineGiven(answers: readonly Answered[], ports: CombinePorts): Promise<Combined> {
  const named = answers.flatMap(({ given }) => given.map(({ share }) => share.account.identity))
  const keys = [...new Set(named)]
  using _states = watchStates(keys, ports.store)
  await askAround(keys, ports)
  const genuine = await genuineOf(answers, ports)
  // Where nothing is genuine, what is wrong with those of most is said.
  const root = rootOfMost(genuine.some(({ given }) => given.length > 0) ? genuine : answers)
  const groups = groupsOf(answers, root)
  const isOf = ({ given }: Answered): boolean => given.some(({ share }) => share.account.root === root)
  const others = answers.filter((one) => one.given.length > 0 && !isOf(one)).map(({ custodian }) => custodian)
  const faults: EffigyError[] = []
  for (const group of groups) {
    const combined = await combinedOf(group, ports)
    if (!(combined instanceof EffigyError)) return { ...combined, wrong: [...combined.wrong, ...others] }
    faults.push(combined)
  }
  // Of the newest splitting, unless an older one tells more.
  const order = ['shares-damaged', 'wrong-phrase', 'too-few-shares', 'account-not-found']
  throw faults.toSorted((a, b) => order.indexOf(a.code) - order.indexOf(b.code))[0] ?? tooFew()
}

/**
 * By how many gave of it, and by nothing that a share says: anybody can make an account with the same name, later, whose
 * shares need fewer. Shares that nobody of their account signed have no say.
 */
function rootOfMost(answers: readonly Answered[]): Root {
  const custodians = new Map<Root, number>()
  for (const { given } of answers) {
    for (const root of new Set(given.map(({ share }) => share.account.root)))
      custodians.set(root, (custodians.get(root) ?? 0) + 1)
  }
  const [most, next] = [...custodians].sort(([, a], [, b]) => b - a)
  if (most === undefined) throw tooFew()
  if (next?.[1] === most[1]) {
    const message = 'Shares of different accounts came, as many of each. Ask one custodian more.'
    throw new EffigyError('shares-differ', message)
  }
  return most[0]
}

/** Each answer with those alone that a device of their account signed. */
async function genuineOf(
  answers: readonly Answered[],
  { store, crypto }: CombinePorts,
): Promise<readonly Answered[]> {
  return Promise.all(
    answers.map(async (answer) => {
      const signed = await crypto.verify(answer.given.map(({ share, by }) => shareCheck(share, by)))
      const isGenuine = ({ share, by }: GivenShare, index: number): boolean => {
        const authority = store.synods?.account(share.account.root) ?? null
        return signed[index] === true && authority !== null && standingOf(authority, by).type !== 'foreign'
      }
      return { ...answer, given: answer.given.filter(isGenuine) }
    }),
  )
}

/** One share a custodian in each; the splitting that was made last comes first. */
function groupsOf(answers: readonly Answered[], of: Root): readonly (readonly Part[])[] {
  const groups = new Map<string, Map<string, Part>>()
  for (const { custodian, root, given } of answers) {
    for (const each of given) {
      const { account, set, threshold, count } = each.share
      if (account.root !== of) continue
      const key = [set, threshold, count].join('/')
      const group = groups.get(key) ?? new Map<string, Part>()
      groups.set(key, group)
      if (!group.has(root)) group.set(root, { ...each, custodian })
    }
  }
  const newest = (group: readonly Part[]): number => Math.max(...group.map(({ share }) => share.at))
  return Array.from(groups.values(), (group) => [...group.values()]).sort((a, b) => newest(b) - newest(a))
}

async function combinedOf(
  group: readonly Part[],
  { store, crypto }: CombinePorts,
): Promise<Combined | EffigyError> {
  const [first] = group
  if (first === undefined || group.length < first.share.threshold) return tooFew()
  const { account, set, threshold } = first.share
  const authority = store.synods?.account(account.root) ?? null
  if (authority === null) {
    const message =
      'Nobody who is connected knows the account of these shares. Connect to a hub or a friend of it.'
    return new EffigyError('account-not-found', message)
  }
  const signed = await crypto.verify(group.map(({ share, by }) => shareCheck(share, by)))
  const isGenuine = ({ by }: Part, index: number): boolean =>
    signed[index] === true && standingOf(authority, by).type !== 'foreign'
  const genuine = group.filter(isGenuine)
  const joined = await joinShares(
    genuine.map(({ share }) => share.share),
    { set, threshold },
    crypto.sha256,
  )
  if (!joined.ok) return damaged(group.filter((part) => !genuine.includes(part)))
  const phrase = phraseOfEntropy(joined.value.entropy)
  if (!isPhraseOf(authority, await phraseSeed(phrase), crypto.sha256)) return wrongPhrase()
  const right = new Set(genuine.filter((_, index) => !joined.value.wrong.includes(index)))
  const wrong = group.filter((part) => !right.has(part)).map(({ custodian }) => custodian)
  return { phrase, root: account.root, wrong }
}

function tooFew(): EffigyError {
  return new EffigyError(
    'too-few-shares',
    'There are not enough shares of one splitting yet. Ask one custodian more.',
  )
}

function damaged(named: readonly Part[]): EffigyError {
  const who = named.map(({ custodian }) => custodian).join(', ')
  const message =
    who === ''
      ? 'The shares do not fit together: one is false, and nobody can tell which. Ask one custodian more.'
      : `These shares were altered: ${who}. Ask one custodian more.`
  return new EffigyError('shares-damaged', message)
}
