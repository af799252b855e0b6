/**
 * Whether the running relay does what members need, and nothing that nobody may (T19): tried, not believed.
 *
 *     a name of the hub ─▶ a way      a wrong, expired, foreign name ─▶ 401      a special peer ─▶ 403
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { EffigyError, type Result } from '@effigy/core'
import { type Clock, type IceUrl, parseIceUrl } from '@effigy/sync'
import { type CoturnSources, ownRanges, relayAddresses } from './coturn-config.ts'
import { type TurnName, turnName } from './credentials.ts'
import { type Finding, note, right, wrong } from './finding.ts'
import { formatIp, type IpAddress, parseIp } from './ip-range.ts'
import { specialRanges } from './special-ranges.ts'
import { type Endpoint, formatEndpoint } from './stun-message.ts'
import { openTurnClient, type TurnClient, type TurnFault } from './turn-client.ts'

export interface ServerPorts {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly signal: AbortSignal
}

const minuteMs = 60_000

/** Ms until what was sent must have come through the relay. */
const patienceMs = 2_000

/** Ports to ask from, where a server takes one for somebody else's (RFC 8656, 7.4: 437 Allocation Mismatch). */
const maxPorts = 3

/** Nothing is sent there: coturn is only asked whether it would. */
const publicPeers = { 4: '9.9.9.9', 6: '2620:fe::9' } as const

export async function* checkServers(sources: CoturnSources, ports: ServerPorts): AsyncIterable<Finding> {
  for (const text of sources.settings.turnUrls) {
    const url = parseIceUrl(text)
    if (url === null) continue
    try {
      yield* named(
        text,
        url.scheme.startsWith('stun') ? checkStun(url, ports) : checkTurn(url, sources, ports),
      )
    } catch (cause) {
      if (!(cause instanceof EffigyError && cause.code === 'relay-unreachable')) throw cause
      const { code = 'no answer' } = (cause.cause ?? {}) as { readonly code?: string }
      yield wrong(`${text}: it cannot be reached (${code}).`)
    }
  }
}

async function* named(url: string, findings: AsyncIterable<Finding>): AsyncIterable<Finding> {
  for await (const { type, text } of findings) yield { type, text: `${url}: ${text}` }
}

async function* checkStun(url: IceUrl, ports: ServerPorts): AsyncIterable<Finding> {
  if (isDtls(url)) return yield untried
  using client = await openTurnClient({ url, user: '', password: '', ...ports })
  const mapped = await client.binding()
  // Not where we are: it would end up in a report.
  yield mapped.ok
    ? right('tells who asks their address.')
    : wrong(`does not tell who asks their address (${why(mapped)}).`)
}

async function* checkTurn(url: IceUrl, sources: CoturnSources, ports: ServerPorts): AsyncIterable<Finding> {
  if (isDtls(url)) return yield untried
  const { secret } = sources
  const { clock } = ports
  const tag = (): string => randomBytes(16).toString('base64url')
  const fresh = (): TurnName => turnName(secret, clock.now() + minuteMs, tag())
  const open = (name: TurnName, onData?: (from: Endpoint, data: Uint8Array) => void) =>
    openTurnClient({ url, ...name, ...ports, ...(onData === undefined ? {} : { onData }) })

  let ways = 0
  for (const family of [4, 6] as const) {
    using asked = await openWay(() => open(fresh()), family)
    const { client, way } = asked
    if (!way.ok && way.error.type === 'refused' && way.error.code === 440) continue
    if (!way.ok) {
      yield wrong(`gives no way over IPv${family} to a name of the hub (${why(way)}).`)
      return
    }
    ways++
    yield right(`gives a way over IPv${family} to a name of the hub.`)
    yield* checkPeers(client, way.value.address, sources)
    yield* checkMeeting(family, sources, open, fresh, ports)
    await client.refresh(0)
  }
  if (ways === 0) yield wrong('has no address to relay from.')
  const good = fresh()
  const names: readonly (readonly [string, TurnName])[] = [
    ['a wrong password', { ...good, password: fresh().password }],
    ['an expired name', turnName(secret, clock.now() - minuteMs, tag())],
    ['a name of another secret', turnName(tag(), clock.now() + minuteMs, tag())],
  ]
  for (const [what, name] of names) {
    using client = await open(name)
    const way = await client.allocate()
    const isRefused = !way.ok && way.error.type === 'refused' && way.error.code === 401
    yield isRefused ? right(`refuses ${what}.`) : wrong(`does not refuse ${what} (${why(way)}).`)
  }
}

interface Way extends Disposable {
  readonly client: TurnClient
  readonly way: Result<Endpoint, TurnFault>
}

async function openWay(open: () => Promise<TurnClient>, family: 4 | 6): Promise<Way> {
  for (let ports = 1; ; ports++) {
    using opened = new DisposableStack()
    const client = opened.use(await open())
    const way = await client.allocate(family)
    const isTaken = !way.ok && way.error.type === 'refused' && way.error.code === 437
    if (isTaken && ports < maxPorts) continue
    const kept = opened.move()
    return { client, way, [Symbol.dispose]: () => kept.dispose() }
  }
}

async function* checkPeers(
  client: TurnClient,
  from: IpAddress,
  sources: CoturnSources,
): AsyncIterable<Finding> {
  const { settings, ownAddresses } = sources
  const { family } = from
  const relay = relayAddresses(settings)
  // This machine is the relay's where the relay has an address of it: asked from elsewhere, nothing is to be hidden.
  const here = new Set(ownAddresses)
  const isHere = [from, ...relay].some((address) => here.has(formatIp(address)))
  const ranges = [
    ...specialRanges.map(({ range, prefix }) => ({ range, name: prefix })),
    ...(isHere ? ownRanges(sources) : []).map((range) => ({ range, name: 'this machine' })),
  ].filter(({ range }) => range.family === family)
  let isWhole = true
  for (const { range, name } of ranges) {
    for (const value of new Set([range.first, range.last])) {
      if (relay.some((one) => one.family === family && one.value === value)) continue
      const peer: IpAddress = { family, value }
      const permitted = await client.permit(peer)
      if (!permitted.ok && permitted.error.type === 'refused' && permitted.error.code === 403) continue
      isWhole = false
      yield wrong(`would send to ${formatIp(peer)} (${name}; ${why(permitted)}).`)
      // What has no answer has ended the way: nothing more comes of it.
      if (!permitted.ok && permitted.error.type === 'silent') return
    }
  }
  if (isWhole) yield right(`refuses all special addresses of IPv${family}.`)
  const open = parseIp(publicPeers[family])
  const permitted = open === null ? null : await client.permit(open)
  if (permitted?.ok === false)
    yield wrong(`refuses public addresses, too (${why(permitted)}): nobody can be called.`)
}

/** Two who both use it: each sends to where the other is relayed. */
async function* checkMeeting(
  family: 4 | 6,
  { settings }: CoturnSources,
  open: (name: TurnName, onData?: (from: Endpoint, data: Uint8Array) => void) => Promise<TurnClient>,
  fresh: () => TurnName,
  { clock }: ServerPorts,
): AsyncIterable<Finding> {
  const heard = Promise.withResolvers<boolean>()
  const word = randomBytes(16)
  const hear = (_: Endpoint, data: Uint8Array): void => {
    if (Buffer.compare(data, word) === 0) heard.resolve(true)
  }
  using first = await openWay(() => open(fresh()), family)
  using second = await openWay(() => open(fresh(), hear), family)
  const { client: one, way: from } = first
  const { client: other, way: to } = second
  if (!from.ok || !to.ok) {
    yield wrong(`has no room for two more ways (${why(from.ok ? to : from)}).`)
    return
  }
  const permitted = [await one.permit(to.value.address), await other.permit(from.value.address)]
  const refused = permitted.find(({ ok }) => !ok)
  if (refused !== undefined) {
    const text = `two who both use it do not reach each other at ${formatEndpoint(to.value)} (${why(refused)})`
    yield settings.turnAddress === null ? note(`${text}: turnAddress is not set.`) : wrong(`${text}.`)
    return
  }
  using _timer = clock.after(patienceMs, () => heard.resolve(false))
  one.send(to.value, word)
  const came = await heard.promise
  yield came
    ? right(`two who both use it reach each other over IPv${family}.`)
    : wrong(`what is sent from one way to another does not come: look at the firewall, and at turnPorts.`)
  await Promise.all([one.refresh(0), other.refresh(0)])
}

const untried = note('is not tried: DTLS.')

const isDtls = ({ scheme, transport }: IceUrl): boolean => scheme.endsWith('s') && transport === 'udp'

function why(result: Result<unknown, TurnFault>): string {
  if (result.ok) return 'accepted'
  const { error } = result
  switch (error.type) {
    case 'refused':
      return `${error.code}${error.reason === '' ? '' : ` ${error.reason}`}`
    case 'silent':
      return 'no answer'
    case 'bad-answer':
      return 'an answer that is none'
  }
}
