/**
 * Whether a configuration of coturn fits the hub's settings, and lets nobody through to where nobody may (T19).
 *
 *     file, settings ─▶ findings: the secret, the numbers, the switches, every special range
 *
 * @module
 */

import {
  type CoturnSources,
  coturnConfig,
  coturnSwitches,
  ownRanges,
  relayAddresses,
} from './coturn-config.ts'
import { allOf, type CoturnLine, isOn, lastOf, parseCoturnFile } from './coturn-file.ts'
import { deniesEverything, isDenied, samplesOf } from './coturn-ranges.ts'
import { type Finding, note, right, wrong } from './finding.ts'
import { formatIp, formatRange, type IpRange, parseRange } from './ip-range.ts'
import { specialRanges } from './special-ranges.ts'

/** Where both must say the same, or both nothing. */
const compared = [
  'listening-port',
  'tls-listening-port',
  'relay-ip',
  'external-ip',
  'min-port',
  'max-port',
  'realm',
  'total-quota',
  'user-quota',
  'cert',
  'pkey',
]

/** Each would let somebody in, or through, whom the hub did not name. */
const forbidden: Readonly<Record<string, string>> = {
  'no-auth': 'anybody may use the relay',
  user: 'a name that never ends may use the relay',
  'server-relay': 'peers may be anything',
  'web-admin': 'it can be changed from the network',
  'no-stun': 'nobody learns their own address',
}

export function checkCoturnFile(text: string, sources: CoturnSources): readonly Finding[] {
  const wanted = coturnConfig(sources)
  if (!wanted.ok) return [wrong(wanted.error.message)]
  const lines = parseCoturnFile(text)
  return [
    ...checkSecret(lines, sources.secret),
    ...checkNumbers(lines, parseCoturnFile(wanted.value)),
    ...checkSwitches(lines),
    ...checkLoopback(lines, sources),
    ...checkDenied(lines, sources),
    ...checkAllowed(lines, sources),
  ]
}

function checkSecret(lines: readonly CoturnLine[], secret: string): readonly Finding[] {
  const secrets = allOf(lines, 'static-auth-secret')
  if (secrets.length === 0) return [wrong('The file has no static-auth-secret.')]
  return secrets.every((one) => one === secret)
    ? [right('The secret is that of the hub.')]
    : [wrong('The secret is not that of the hub: everybody is refused. Write the file again.')]
}

function checkNumbers(lines: readonly CoturnLine[], wanted: readonly CoturnLine[]): readonly Finding[] {
  const differing = compared.flatMap((name) => {
    const [says, shall] = [lastOf(lines, name), lastOf(wanted, name)]
    return says === shall
      ? []
      : [wrong(`${name} is ${says ?? 'not there'}; the settings say ${shall ?? 'nothing'}.`)]
  })
  return differing.length > 0
    ? differing
    : [right('Ports, addresses, realm and quotas are those of the settings.')]
}

function checkSwitches(lines: readonly CoturnLine[]): readonly Finding[] {
  const off = Object.entries(coturnSwitches)
    .filter(([name]) => !isOn(lines, name))
    .map(([name, why]) => wrong(`${name} is missing (${why}).`))
  const stale = Number(lastOf(lines, 'stale-nonce') ?? 0) > 0 ? [] : [wrong('stale-nonce is missing.')]
  const on = Object.entries(forbidden)
    .filter(([name]) => (name === 'user' ? lastOf(lines, name) !== null : isOn(lines, name)))
    .map(([name, why]) => wrong(`${name} must not be there: ${why}.`))
  const all = [...off, ...stale, ...on]
  return all.length > 0 ? all : [right('Everything is switched off that the hub does not need.')]
}

function checkLoopback(lines: readonly CoturnLine[], { settings }: CoturnSources): readonly Finding[] {
  if (!isOn(lines, 'allow-loopback-peers')) return []
  const isTrial = relayAddresses(settings).some((address) =>
    specialRanges.some(({ name, range }) => name === 'loopback' && isDenied(address, [range])),
  )
  return isTrial
    ? [note('allow-loopback-peers is there, as the relay is at a loopback address: for trials alone.')]
    : [wrong('allow-loopback-peers must not be there: what listens for this machine alone could be reached.')]
}

function checkDenied(lines: readonly CoturnLine[], sources: CoturnSources): readonly Finding[] {
  const texts = allOf(lines, 'denied-peer-ip')
  const ranges = texts.map(parseRange).filter((range) => range !== null)
  const found: Finding[] = []
  if (ranges.length < texts.length) {
    found.push(wrong(`${texts.length - ranges.length} of denied-peer-ip are no ranges (A or A-B).`))
  }
  const total = ranges.find(deniesEverything)
  if (total !== undefined) {
    found.push(
      wrong(
        `denied-peer-ip=${formatRange(total)} stands for all that there are to coturn: nobody can be called.`,
      ),
    )
  }
  const open = specialRanges.filter(({ range }) => !isWhollyDenied(range, ranges))
  for (const { prefix, name } of open)
    found.push(wrong(`${prefix} (${name}) is not denied, or not all of it.`))
  for (const range of ownRanges(sources)) {
    if (!isWhollyDenied(range, ranges))
      found.push(wrong(`This machine's ${formatRange(range)} is not denied.`))
  }
  return found.length > 0 ? found : [right('Every special range is denied, and this machine.')]
}

function isWhollyDenied(range: IpRange, by: readonly IpRange[]): boolean {
  for (const address of samplesOf(range)) {
    // coturn itself refuses the unspecified address.
    const isUnspecified = address.family === 6 && address.value === 0n
    if (!isUnspecified && !isDenied(address, by)) return false
  }
  return true
}

function checkAllowed(lines: readonly CoturnLine[], { settings }: CoturnSources): readonly Finding[] {
  const relay = new Set(relayAddresses(settings).map(formatIp))
  return allOf(lines, 'allowed-peer-ip').flatMap((text) => {
    const range = parseRange(text)
    const isRelay = range !== null && relay.has(formatRange(range))
    return isRelay ? [] : [wrong(`allowed-peer-ip=${text} must not be there: it outranks what is denied.`)]
  })
}
