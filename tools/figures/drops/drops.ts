/**
 * kill -9 of a hub while it takes drops: whatever it acknowledged is offered to its receiver (RELIABILITY T17, V22).
 *
 *     home ─ life: friends leave drops, kill ─ life: receivers hear, compare, acknowledge; friends …, kill ─ …
 *
 * The receivers name the senders: whom they do not name hears the same answer whether a drop is kept or not.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { concatBytes, EffigyError, type Identity, type Signer } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createRandom, type Random } from '@effigy/testkit'
import { createFailures, type Figure, replay } from '../figure.ts'
import { type Caller, openCaller } from '../hub-caller.ts'
import { type HubProcess, startHubProcess } from '../hub-process.ts'

const receivers = 3
const senders = 60

/** What one sender may leave at once in one life. */
const burst = 10

const dropBytes = 700

/** Ms in which all drops are left, at random; a life ends at any moment of it, or soon after: answers leave in steps of 100. */
const leavingMs = 600
const maxLifeMs = 800

const patienceMs = 30_000

export const drops: Figure = {
  name: 'drops',
  what: 'kill -9 of a hub while friends of its members leave drops: each that was acknowledged is offered after the restart [T17]',
  unit: 'kills',
  short: 20,
  long: 1_000,
  notCovered: 'power loss: what the process wrote stays in the page cache (see `faults`)',
  async run({ n, seed, tell = () => {} }) {
    const random = createRandom(seed)
    const failures = createFailures()
    const crypto = createNodeCrypto()
    const signerOf = (name: string): Promise<Signer> =>
      crypto.signer(createRandom(`${seed}/${name}`).bytes(32))
    const listeners = await Promise.all(
      Array.from({ length: receivers }, (_, at) => signerOf(`receiver ${at}`)),
    )
    const friends = await Promise.all(Array.from({ length: senders }, (_, at) => signerOf(`sender ${at}`)))
    const keys = concatBytes(...friends.map(({ publicKey }) => publicKey))
    const home = mkdtempSync(join(tmpdir(), 'effigy-drops-'))
    const counts = { 'acknowledged and lost': 0, 'drops acknowledged': 0, 'drops kept without an answer': 0 }
    /** Of the life before. */
    let expected = new Set<string>()

    /** All that waits for them, which they acknowledge. */
    async function hear(hub: HubProcess): Promise<readonly Identity[]> {
      const found = new Set<string>()
      const identities: Identity[] = []
      for (const signer of listeners) {
        await using caller = await openCaller(hub, signer, AbortSignal.timeout(patienceMs))
        identities.push(caller.identity)
        await call(caller, 'friends', {}, keys)
        for (const id of await offersTo(caller)) found.add(id)
      }
      const lost = [...expected].filter((id) => !found.has(id))
      counts['acknowledged and lost'] += lost.length
      if (lost.length > 0) failures.add(`${lost.length} lost; ${replay('drops', n, seed)}`)
      counts['drops kept without an answer'] += [...found].filter((id) => !expected.has(id)).length
      expected = new Set()
      return identities
    }

    try {
      for (let life = 0; life <= n; life++) {
        await using hub = await startHubProcess({ home })
        const boxes = await hear(hub)
        if (life === n) break
        await leaveUntilKilled(hub, friends, boxes, random.fork(`life ${life}`), (id) => {
          counts['drops acknowledged']++
          expected.add(id)
        })
        tell(life + 1)
      }
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
    return { counts, failures: failures.list }
  },
}

/** Friends leave drops, several at a time, until the hub dies. */
async function leaveUntilKilled(
  hub: HubProcess,
  friends: readonly Signer[],
  boxes: readonly Identity[],
  random: Random,
  acknowledged: (id: string) => void,
): Promise<void> {
  const callers = await Promise.all(
    friends.map((signer) => openCaller(hub, signer, AbortSignal.timeout(patienceMs))),
  )
  async function leave(caller: Caller, to: Identity, chance: Random): Promise<void> {
    await wait(chance.integer(leavingMs))
    const bytes = chance.bytes(dropBytes)
    const answer = await caller.calls.call(
      'dropbox',
      'put',
      { to },
      { bytes, signal: AbortSignal.timeout(patienceMs) },
    )
    if (answer.ok) acknowledged(String(answer.value.value.id))
  }
  const leaving = callers.flatMap((caller, at) =>
    Array.from({ length: burst }, (_, index) =>
      leave(caller, random.pick(boxes), random.fork(`${at} ${index}`)).catch(isOver),
    ),
  )
  await wait(random.integer(maxLifeMs))
  await hub.kill()
  await Promise.all(leaving)
  for (const { session } of callers) await session.closed
}

/** The hub is dead: what was not said before is not said. */
function isOver(error: unknown): void {
  if (!(error instanceof EffigyError && error.code === 'closed')) throw error
}

/** The ids of what waits for a device; acknowledged, so that they come no more. */
async function offersTo(caller: Caller): Promise<readonly string[]> {
  const ids: string[] = []
  const stop = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = Number.POSITIVE_INFINITY
  const listening = caller.calls
    .call(
      'dropbox',
      'listen',
      {},
      {
        onAnswer({ value }) {
          const offered = value.drops as unknown as readonly { readonly id: string }[]
          for (const { id } of offered) ids.push(id)
          // All that waited comes in lists of a hundred; the last is shorter.
          left = offered.length
          if (left < 100) resolve()
        },
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]),
      },
    )
    .catch(() => {})
  await Promise.race([promise, wait(1_000)])
  for (let at = 0; at < ids.length; at += 100) await call(caller, 'done', { ids: ids.slice(at, at + 100) })
  stop.abort()
  await listening
  return ids
}

async function call(
  { calls }: Caller,
  method: string,
  value: Parameters<Caller['calls']['call']>[2],
  bytes: Uint8Array = new Uint8Array(0),
): Promise<void> {
  const answer = await calls.call('dropbox', method, value, {
    bytes,
    signal: AbortSignal.timeout(patienceMs),
  })
  if (!answer.ok) throw new Error(`${method}: ${answer.error.code}`)
}
