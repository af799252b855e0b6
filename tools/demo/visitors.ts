/**
 * What the village does when somebody comes: follows back, writes, answers, makes room in a group.
 *
 *     hub sees "X follows Rosa" ─▶ Rosa follows X ─▶ a letter, a group      X says something ─▶ two like it, one answers
 *
 * The people learn of newcomers from the store of the hub, which runs beside them: elsewhere somebody would have told them.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Item, QueryStore, Store } from '@effigy/store'
import type { Complain, Pace } from './life.ts'
import { host, type PersonKey } from './people.ts'
import { type Chance, chanceOf } from './pictures/chance.ts'
import { rest } from './rest.ts'
import { answers, greetings, groupAnswers, replies, welcome } from './story/later.ts'
import type { TellingPorts } from './telling.ts'
import { react, say, type Villager, villagerOf } from './villager.ts'

export interface VisitorPorts extends TellingPorts {
  /** Where feeds of newcomers are seen first. */
  readonly hubStore: Pick<Store, 'watch'> & Pick<QueryStore, 'followers'>
  readonly pace: Pace
  readonly complain: Complain
}

/** Things of one newcomer that are answered: more would be a machine's. */
const maxAnswered = 3

/** Between two tries to write to somebody whose devices are not known yet, ms; and how many there are. */
const tryAgainMs = 1_000
const maxTries = 60

const groupOfAll = 'market-square'

/** Until the signal; what is under way then is left. */
export async function receiveVisitors(ports: VisitorPorts): Promise<void> {
  const { villagers, hubStore, signal } = ports
  const own = new Set(Array.from(villagers.values(), ({ peer }) => peer.identity))
  /** Of each villager, whom they follow back already. */
  const met = new Map<PersonKey, Set<Identity>>()
  const works = new Set<Promise<void>>()
  const start = (work: Promise<void>): void => {
    const done = work
      .catch((error: unknown) => {
        if (!signal.aborted) ports.complain(error)
      })
      .finally(() => works.delete(done))
    works.add(done)
  }

  function look(): void {
    for (const [key, villager] of villagers) {
      const known = met.get(key) ?? new Set()
      met.set(key, known)
      for (const follower of hubStore.followers(villager.account.identity)) {
        if (own.has(follower) || known.has(follower)) continue
        known.add(follower)
        start(greet(villager, follower, ports))
      }
    }
  }

  using _watching = hubStore.watch(({ views }) => {
    if (views) look()
  })
  using _answering = answerAll(ports, start)
  look()
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  await Promise.all(works)
}

async function greet(villager: Villager, visitor: Identity, ports: VisitorPorts): Promise<void> {
  const { person, peer } = villager
  const { pace, signal, seed } = ports
  const chance = chanceOf(seed, `greet ${person.key} ${visitor}`)
  await rest(chance.between(...pace.answers), signal)
  if (signal.aborted) return
  await follow(villager, visitor)
  // In a village that goes on, whoever was greeted is known.
  const isKnown = peer.conversations.show(peer.conversations.nameOf([visitor])) !== null
  if (person.key === host) return isKnown ? undefined : welcomeIn(villager, visitor, chance, ports)
  const text = greetings.get(person.key)
  if (text === undefined || isKnown) return
  await rest(chance.between(...pace.answers) * 2, signal)
  await untilKnown(() => peer.conversations.write([visitor], { text }), signal)
}

/** Letters and a place in the group; then others hear of the newcomer, and follow them. */
async function welcomeIn(
  villager: Villager,
  visitor: Identity,
  chance: Chance,
  { villagers, groups, pace, signal }: VisitorPorts,
): Promise<void> {
  const { peer } = villager
  for (const text of welcome) {
    await untilKnown(() => peer.conversations.write([visitor], { text }), signal)
    await rest(chance.between(...pace.answers), signal)
  }
  const group = groups.get(groupOfAll)
  if (group !== undefined) await untilKnown(() => peer.groups.invite(group, [{ identity: visitor }]), signal)
  for (const key of greetings.keys()) {
    const other = villagers.get(key)
    await rest(chance.between(...pace.answers) * 2, signal)
    if (signal.aborted) return
    if (other !== undefined) await follow(other, visitor)
  }
}

async function follow({ peer }: Villager, visitor: Identity): Promise<void> {
  if (!peer.query.relations(peer.identity, 'follow').includes(visitor))
    await peer.relate('follow', visitor, true)
}

/** Tries until their devices are known here; gives up after a minute. */
async function untilKnown(work: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let left = maxTries; !signal.aborted; left--) {
    try {
      await work()
      return
    } catch (error) {
      if (left === 0 || (error as { readonly code?: unknown }).code !== 'no-box-key') throw error
    }
    await rest(tryAgainMs, signal)
  }
}

/** To what newcomers say to everybody, in letters, and in groups. */
function answerAll(ports: VisitorPorts, start: (work: Promise<void>) => void): Disposable {
  const stack = new DisposableStack()
  const own = new Set(Array.from(ports.villagers.values(), ({ peer }) => peer.identity))
  const answered = new Map<string, number>()
  /** Whether that is one of the first few of its kind. */
  const isDue = (kind: string): boolean => {
    const count = answered.get(kind) ?? 0
    answered.set(kind, count + 1)
    return count < maxAnswered
  }
  const startedAt = ports.clock.now()
  const seen = new Set<string>()
  const isNews = ({ identity, content, state, comparable }: Item): boolean => {
    if (own.has(identity) || comparable < startedAt || state.type !== 'shown' || seen.has(content))
      return false
    seen.add(content)
    return true
  }
  for (const villager of ports.villagers.values()) {
    const { peer, person } = villager
    stack.use(
      peer.store.watch(({ views }) => {
        if (!views) return
        if (person.key === host) {
          for (const item of peer.query.timeline({ limit: 20 }).items)
            if (isNews(item) && isDue(`note ${item.identity}`)) start(answerNote(item, ports))
        }
        for (const { name, kind, newest } of peer.conversations.list({ limit: 20 }).items) {
          if (newest === null || (kind === 'group' && person.key !== host) || !isNews(newest)) continue
          if (isDue(`${kind} ${newest.identity} ${name}`))
            start(answerLetter(villager, { name, kind }, ports))
        }
      }),
    )
  }

  async function answerLetter(
    villager: Villager,
    { name, kind }: { readonly name: string; readonly kind: string },
    { villagers, seed, pace, signal }: VisitorPorts,
  ): Promise<void> {
    const chance = chanceOf(seed, `letter ${name} ${villager.person.key}`)
    await rest(chance.between(...pace.answers), signal)
    if (signal.aborted) return
    await villager.peer.conversations.markRead(name)
    const count = countOf(`answered ${villager.person.key} ${name}`)
    if (kind !== 'group') {
      const text = replies[count]
      if (text !== undefined) await villager.peer.conversations.answer(name, { text })
      return
    }
    const line = groupAnswers[count]
    const by = line === undefined ? undefined : villagers.get(line.by)
    if (line !== undefined) await by?.peer.conversations.answer(name, { text: line.text })
  }

  function countOf(what: string): number {
    const count = answered.get(what) ?? 0
    answered.set(what, count + 1)
    return count
  }

  return stack
}

/** Two like it, one answers. */
async function answerNote(item: Item, ports: VisitorPorts): Promise<void> {
  const { villagers, seed, pace, signal, clock } = ports
  const { identity, content, cid } = item
  const chance = chanceOf(seed, `note ${content}`)
  const here = answers.filter(({ by }) => villagers.has(by))
  const { account } = villagerOf(villagers, host).peer
  const known = account.of(identity)
  const target = {
    ...{ identity, content, entry: cid },
    synod: known === null ? null : ([known.identity, known.root] as const),
  }
  const first = Math.floor(chance.next() * here.length)
  for (const [place, label] of ['👋', '❤️'].entries()) {
    const by = here[(first + place + 1) % here.length]?.by
    await rest(chance.between(...pace.answers), signal)
    if (by !== undefined && !signal.aborted) await react(villagerOf(villagers, by), target, label, clock)
  }
  const answer = here[first]
  await rest(chance.between(...pace.answers), signal)
  if (answer === undefined || signal.aborted) return
  const options = { told: answer, target, thread: null, named: new Map() }
  await say(villagerOf(villagers, answer.by), options, ports)
}
