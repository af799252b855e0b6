/**
 * Runs in a network of its own (relay-lab.test.ts): checks the relay, tries ways through it, and says what came of it.
 *
 *     Task as JSON ─▶ Outcome as JSON
 *
 * @module
 */
import { once } from 'node:events'
import { setTimeout as pass } from 'node:timers/promises'
import type { Result } from '@effigy/core'
import { systemClock } from '@effigy/sync'
import { checkRelay } from '../src/turn/check.ts'
import type { TurnName } from '../src/turn/credentials.ts'
import type { Finding } from '../src/turn/finding.ts'
import { parseIp } from '../src/turn/ip-range.ts'
import type { TurnSettings } from '../src/turn/options.ts'
import { openTurnClient, type TurnFault } from '../src/turn/turn-client.ts'

export interface Task {
  readonly settings: TurnSettings
  readonly host: string
  readonly port: number
  readonly name: TurnName
  readonly expired: TurnName
  readonly peers: readonly string[]
}

type Answer = 'accepted' | 'silent' | 'bad-answer' | number

export interface Outcome {
  readonly findings: readonly Finding[]
  readonly way: Answer
  readonly expired: Answer
  /** For each: a permission, a channel, a datagram that should come back. */
  readonly peers: Readonly<Record<string, readonly [Answer, Answer, 'echoed' | 'nothing']>>
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const { host, port, settings } = task
const family = host.includes(':') ? 6 : 4
const signal = AbortSignal.timeout(60_000)
const heard = new EventTarget()
const open = ({ user, password }: TurnName) =>
  openTurnClient({
    url: { scheme: 'turn', host, port, transport: 'udp' },
    user,
    password,
    onData: (_, data) => heard.dispatchEvent(new Event(Buffer.from(data).toString())),
    clock: systemClock,
    signal,
  })

const done = (result: Result<unknown, TurnFault>): Answer =>
  result.ok ? 'accepted' : result.error.type === 'refused' ? result.error.code : result.error.type

const findings = await Array.fromAsync(checkRelay(settings, null, [], { clock: systemClock, signal }))
using client = await open(task.name)
using late = await open(task.expired)
const way = done(await client.allocate(family))
const peers: Record<string, readonly [Answer, Answer, 'echoed' | 'nothing']> = {}
let channel = 0x4000
for (const peer of way === 'accepted' ? task.peers : []) {
  const address = parseIp(peer)
  if (address === null) throw new Error(peer)
  const endpoint = { address, port: 7 }
  const permit = done(await client.permit(address))
  const echo = once(heard as never, peer).then(() => 'echoed' as const)
  client.send(endpoint, Buffer.from(peer))
  const came = await Promise.race([echo, pass(permit === 'accepted' ? 5_000 : 100, 'nothing' as const)])
  // Last: data of a channel comes in a form of its own.
  peers[peer] = [permit, done(await client.bind(channel++, endpoint)), came]
}
const outcome: Outcome = { findings, way, expired: done(await late.allocate(family)), peers }
process.stdout.write(`${JSON.stringify(outcome)}\n`)
process.exit(0)
