/**
 * A process of its own: members of a hub who send ten times what they may, and more (hub-overload.bench.ts).
 *
 *     'ready' ─▶ 'start' ─▶ pings as fast as the socket takes them; messages at ten times the pace ─▶ 'stop'
 *
 * @module
 */
import { systemClock } from '@effigy/sync'
import { defaultSignalLimits } from '../packages/sync/src/limits.ts'
import { openMember } from '../tools/figures/hub-member.ts'
import type { FloodStart } from './hub-overload.bench.ts'

const { url, count, times } = JSON.parse(process.argv[2] ?? '{}') as FloodStart
const members = await Promise.all(Array.from({ length: count }, () => openMember(url, () => {})))
const payload = new Uint8Array(300)

/** Pings that are handed to the socket at once. */
const together = 500
const everyMs = 20

let isFlooding = false
let pings = 1

async function ping({ session }: (typeof members)[number]): Promise<void> {
  while (isFlooding) {
    for (let sent = 0; sent < together; sent++) session.send({ type: 'ping', id: pings++ })
    await session.drained(new AbortController().signal)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Answers are not waited for: most are refusals. */
async function message(index: number): Promise<void> {
  const [from, to] = [members[index], members[(index + 1) % members.length]]
  let due = 0
  let last = systemClock.monotonic()
  while (isFlooding && from !== undefined && to !== undefined) {
    const now = systemClock.monotonic()
    due += ((now - last) * times * defaultSignalLimits.messagesPerSecond) / 1000
    last = now
    for (; due >= 1; due--) void from.signals.messageTo(to.identity, payload, new AbortController().signal)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

process.on('message', (order) => {
  isFlooding = order === 'start'
  if (!isFlooding) return
  for (const [index, member] of members.entries()) {
    // Whoever is cut floods no more.
    void ping(member).catch(() => {})
    void message(index).catch(() => {})
  }
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
