/**
 * Authenticated sessions that the hub that ships sets up a second, of the rate at which its core signs, checks a signature
 * and agrees on a key.
 *
 * The same people come and go, so that each is a member already. A core's rate: the hub's own processor time counts. Beside it
 * stands what a bare `ws` takes for accepting a socket and saying one message back, in the same run.
 *
 * @module
 */

import { startHubProcess } from '../tools/figures/hub-process.ts'
import { startBareServer } from './bare-sessions.ts'
import { type Figure, figure, median } from './figure.ts'
import { startCrowd } from './hub-crowd.ts'
import { nativeSessionRate } from './native-session.ts'

const count = 1_000
const rounds = 5

export async function* bench(): AsyncGenerator<Figure> {
  const room = 2 * count
  await using hub = await startHubProcess({
    changes: { maxConnections: room, maxPerAddress: room, maxMembers: room },
  })
  await using crowd = await startCrowd(hub, count)
  await using bare = await startBareServer()
  const ofCore: { readonly rate: number; readonly native: number }[] = []
  const ofTime: number[] = []
  const ofBare: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const native = await nativeSessionRate()
    const accepted = await bare.rate(count)
    const before = await hub.usage()
    const ms = await crowd.open()
    const { cpuSeconds } = await hub.usage()
    await crowd.close()
    // The first one makes them members.
    if (round === 0) continue
    ofCore.push({ rate: count / (cpuSeconds - before.cpuSeconds), native })
    ofTime.push((1000 * count) / ms)
    ofBare.push(accepted)
  }
  const of = 'sign + verify + X25519 key and agreement, one core'
  yield figure(
    'hub sessions, a second of the hub’s processor',
    median(ofCore.map(({ rate }) => rate)),
    'sessions/s',
    {
      ratio: median(ofCore.map(({ rate, native }) => rate / native)),
      of,
    },
  )
  const sockets = median(ofBare)
  yield figure(
    'hub sessions, of a bare ws with one message',
    median(ofCore.map(({ rate }) => rate)),
    'sessions/s',
    {
      ratio: median(ofCore.map(({ rate }) => rate)) / sockets,
      of: `a bare ws that accepts a socket and says one message back, ${Math.round(sockets)}/s`,
    },
  )
  // What would be left of a core after the transport and the signatures, were nothing else to do.
  const most = median(ofCore.map(({ native }) => 1 / (1 / native + 1 / sockets)))
  yield figure(
    'hub sessions, of transport and signatures together',
    median(ofCore.map(({ rate }) => rate)),
    'sessions/s',
    {
      ratio: median(ofCore.map(({ rate }) => rate)) / most,
      of: `both and nothing else, ${Math.round(most)}/s`,
    },
  )
  yield figure('hub sessions, with the clients on the same machine', median(ofTime), 'sessions/s')
  yield figure('native handshakes', median(ofCore.map(({ native }) => native)), 'a second')
}
