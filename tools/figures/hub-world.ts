/**
 * A real hub on a loopback port, with its home in a folder that goes again: what shows under a flood.
 *
 *     openHub() ─▶ hub, its peer ◀── sessions of identities made for the purpose
 *
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Identity, identityOfKey, type Signer } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import {
  defaultSessionLimits,
  type Link,
  openSession,
  publicNetworkKey,
  type Session,
  sharedTimersClock,
  silentLog,
  systemClock,
  writeProvided,
} from '@effigy/sync'
import { readConfig } from '../../apps/hub/src/config/config.ts'
import type { HubConfig } from '../../apps/hub/src/config/options.ts'
import { type Hub, type HubDeps, startHub } from '../../apps/hub/src/hub.ts'
import { openEmbeddedStore } from '../../apps/hub/src/ports/embedded-store.ts'

export interface HubWorld extends AsyncDisposable {
  readonly hub: Hub
  readonly peer: NodePeer
  /** Where it is dialled. */
  readonly url: string
}

/**
 * With the settings that ship, but for `changes`; in `home`, which stays, or in one that goes with it. `more`: an app that it
 * serves, the operator's key.
 */
export async function openHub(
  changes: Partial<HubConfig> = {},
  given?: string,
  more: Pick<HubDeps, 'app' | 'adminKey'> = {},
): Promise<HubWorld> {
  await using undo = new AsyncDisposableStack()
  const home = given ?? mkdtempSync(join(tmpdir(), 'effigy-flood-'))
  if (given === undefined) undo.defer(() => rmSync(home, { recursive: true, force: true }))
  if (!existsSync(join(home, 'hub'))) await createHome(join(home, 'hub'))
  const read = readConfig({ flags: new Map(), environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the defaults of the hub are wrong')
  const records = undo.use(
    openEmbeddedStore({ path: join(home, 'hub', 'hub.sqlite'), clock: systemClock, log: silentLog }),
  )
  const opened: NodePeer[] = []
  const hub = undo.use(
    await startHub(
      {
        async openPeer(hooks) {
          const options = { home: join(home, 'hub'), clock: sharedTimersClock, log: silentLog }
          const peer = await openNodePeer({ ...options, kind: 'hub', ...hooks })
          opened.push(peer)
          return peer
        },
        records,
        clock: sharedTimersClock,
        log: silentLog,
        version: '0',
        ...more,
      },
      { ...read.value.config, port: 0, ...changes },
    ),
  )
  const [peer] = opened
  if (peer === undefined) throw new Error('the hub opened no peer')
  const owned = undo.move()
  return {
    hub,
    peer,
    url: `ws://127.0.0.1:${hub.port}/effigy/1`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const crypto = createNodeCrypto()

/** The dialling half of a handshake, as somebody with a new key. */
export async function openAsStranger(link: Link, hub: Identity, signal: AbortSignal): Promise<Session> {
  return openAs(await crypto.signer(crypto.randomBytes(32)), link, hub, signal)
}

/** The first word of a peer that does nothing for others (V8). */
const greeting = writeProvided({ services: [], kind: 'peer', metered: false })

/** As somebody who may have been there before, and says that it is there: a hub ends whoever does not (A13). */
export async function openAs(
  signer: Signer,
  link: Link,
  hub: Identity,
  signal: AbortSignal,
): Promise<Session> {
  const session = await openSession(link, {
    role: 'dialler',
    identity: identityOfKey(signer.publicKey),
    signer,
    expect: hub,
    demandProof: false,
    networkKey: publicNetworkKey(crypto.sha256),
    pairingSecret: null,
    head: () => null,
    crypto,
    clock: systemClock,
    log: silentLog,
    limits: defaultSessionLimits,
    signal,
  })
  session.send({ type: 'provides' }, greeting)
  return session
}
