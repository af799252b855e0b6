/**
 * A process of its own: people who keep connected to one hub, with the pauses that ship (hub-restart.bench.ts).
 *
 *     KeepersStart ─▶ number connected, whenever it changes      a lost parent: gone
 *
 * @module
 */
import { createNodeCrypto } from '@effigy/crypto/node'
import { dialWebSocket } from '@effigy/links/node'
import { type Session, silentLog, systemClock } from '@effigy/sync'
import { keepConnected } from '../packages/peer/src/connection.ts'
import { createSessions } from '../packages/peer/src/sessions.ts'
import { openAs } from '../tools/figures/hub-world.ts'
import type { CrowdStart } from './hub-crowd.ts'

const { url, identity, count } = JSON.parse(process.argv[2] ?? '{}') as CrowdStart
const crypto = createNodeCrypto()
const never = new AbortController().signal

/** Between two who come for the first time, ms: no flood of new members is measured here. */
const comesMs = 3

let connected = 0
let isTold = true

function changed(by: number): void {
  connected += by
  if (!isTold) return
  isTold = false
  setImmediate(() => {
    isTold = true
    process.send?.(connected)
  })
}

/** Gives the code of its end. */
async function follow(session: Session, welcomed: () => void): Promise<string> {
  for await (const { message } of session.receive()) {
    if (message.type !== 'provides') continue
    welcomed()
    changed(1)
    break
  }
  const { code } = await session.closed
  changed(-1)
  return code
}

async function keep(): Promise<void> {
  const signer = await crypto.signer(crypto.randomBytes(32))
  const sessions = createSessions({
    clock: systemClock,
    log: silentLog,
    changed() {},
    serve(session, serving) {
      void follow(session, () => serving.welcomed()).then((code) => serving.over(code))
    },
  })
  keepConnected(
    url,
    { expect: identity, signal: never },
    {
      clock: systemClock,
      random: crypto.randomBytes,
      log: silentLog,
      dial: (address, signal) => dialWebSocket(address, { clock: systemClock, signal }),
      open: (link, _expect, signal) => openAs(signer, link, identity, signal),
      sessions,
      isBlocked: () => false,
      changed() {},
    },
  )
}

process.on('disconnect', () => process.exit(0))
for (let index = 0; index < count; index++) {
  await keep()
  await new Promise((resolve) => setTimeout(resolve, comesMs))
}
