/**
 * A friend in Node, who is at the hub and says what a test wants to see in the app.
 *
 *     openFriend(world, 'Bea') ─▶ say, invite ─▶ whoever arrives with the link follows them
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, type Identification, type Identity, type Payload } from '@effigy/core'
import type { Published } from '@effigy/peer'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import type { AppWorld } from './world.ts'

export interface Friend extends AsyncDisposable {
  readonly peer: NodePeer
  /** Of their account. */
  readonly identity: Identity
  /** The account of somebody at the hub by their name, as soon as it is known here. */
  meet(name: string): Promise<Identity>
  publish(payload: Payload): Promise<Published>
  say(text: string): Promise<Published>
  /** What stands behind the `#` of an invite by them. */
  invite(count?: number): Promise<string>
}

export async function openFriend(
  world: AppWorld,
  profile: Partial<Pick<Identification, 'name' | 'about'>> & { readonly label?: string } = {},
): Promise<Friend> {
  await using undo = new AsyncDisposableStack()
  const home = mkdtempSync(join(tmpdir(), 'effigy-friend-'))
  undo.defer(() => rmSync(home, { recursive: true, force: true }))
  await createHome(home)
  const peer = undo.use(await openNodePeer({ home, clock: systemClock, log: silentLog }))
  const { name = 'Bea', about = '', label = 'laptop' } = profile
  await peer.account.create({ label, profile: { name } })
  const { identity } = world.hub
  const hubs = [[identity, world.url] as const]
  const box = encodeBase64url(peer.boxKey)
  await peer.publish({ type: 'identification', at: Date.now(), name, about, avatar: null, hubs, box })
  await peer.connect(`${world.url}#${identity}`).ready(AbortSignal.timeout(20_000))
  const owned = undo.move()
  return {
    peer,
    identity: peer.account.show()?.identity ?? peer.identity,
    async meet(other) {
      const { synod, root } = await until(() => named(world, other))
      const found = await peer.joining.findAccount({ synod, root }, { signal: AbortSignal.timeout(20_000) })
      return found ?? synod
    },
    publish: (payload) => peer.publish(payload),
    say: (text) => peer.publish({ type: 'public_note', at: Date.now(), text }),
    async invite(count = 1) {
      const signal = AbortSignal.timeout(20_000)
      return until(async () => {
        const made = await peer.joining.invite(identity, { url: world.url, count, signal })
        if (made.ok) return made.value.link.slice(made.value.link.indexOf('#'))
        // The hub has not taken yet what makes them a member.
        if (made.error.code !== 'newcomer') throw new Error(made.error.code)
        return null
      })
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** By what the hub knows of its members. */
function named({ peer }: Pick<AppWorld, 'peer'>, name: string) {
  for (const { identity, state } of peer.query.byType('identification', { limit: 500 }).items) {
    const isIt = state.type === 'shown' && 'name' in state.payload && state.payload.name === name
    const root = isIt ? (peer.store.synods?.accountOf(identity) ?? null) : null
    const account = root === null ? null : (peer.store.synods?.account(root) ?? null)
    if (account !== null) return { synod: account.identity, root: account.root }
  }
  return null
}

/** Resolves with what is no longer null; rejects when it takes 20 s. */
export async function until<Value>(ask: () => Value | null | Promise<Value | null>): Promise<Value> {
  const endMs = Date.now() + 20_000
  for (;;) {
    const found = await ask()
    if (found !== null) return found
    if (Date.now() > endMs) throw new Error(`not within 20 s: ${ask}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
