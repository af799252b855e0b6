/**
 * A hub that can be administrated, over a peer in memory, asked over real HTTP.
 *
 * @module
 */
import { once } from 'node:events'
import { request } from 'node:http'
import { encodeBase64url } from '@effigy/core'
import type { LogFields } from '@effigy/sync'
import { systemClock } from '@effigy/sync'
import { readConfig } from '../src/config/config.ts'
import type { HubConfig } from '../src/config/options.ts'
import { type Hub, startHub } from '../src/hub.ts'
import type { EmbeddedStore } from '../src/ports/embedded-store.ts'
import { createFakePeer, type FakePeer } from './fake-peer.ts'
import { memoryRecords } from './records.ts'

export const adminKey = new Uint8Array(32).fill(7)
export const keyText = encodeBase64url(adminKey)

export interface AskOptions {
  readonly method?: string
  /** Sent as JSON. */
  readonly input?: unknown
  /** Null: no key is shown. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

export interface AdminHub extends AsyncDisposable {
  readonly hub: Hub
  readonly fake: FakePeer
  readonly records: EmbeddedStore
  readonly logged: { readonly event: string; readonly fields: LogFields }[]
  ask(path: string, options?: AskOptions): Promise<AdminReply>
}

export interface AdminReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it by `toMatchObject`.
  readonly json: any
}

export async function startAdminHub(
  changes: Partial<HubConfig> = {},
  records = memoryRecords(systemClock),
): Promise<AdminHub> {
  const read = readConfig({ flags: new Map(), environment: {}, file: null, defaultHome: '/nowhere' })
  if (!read.ok) throw new Error('the defaults are wrong')
  const fakes: FakePeer[] = []
  const logged: { event: string; fields: LogFields }[] = []
  const note = (event: string, fields: LogFields): void => void logged.push({ event, fields })
  const hub = await startHub(
    {
      async openPeer(hooks) {
        const fake = await createFakePeer(hooks)
        fakes.push(fake)
        return fake.peer
      },
      records,
      adminKey,
      probes: {
        descriptorLimit: () => null,
        openDescriptors: () => null,
        memory: () => [],
        freeBytes: () => null,
      },
      clock: systemClock,
      log: { info: note, warn: note },
      version: '9.9.9',
    },
    { ...read.value.config, port: 0, ...changes },
  )
  return {
    hub,
    fake: fakes[0] as FakePeer,
    records,
    logged,
    ask: (path, options) => askAt(hub.port, path, options),
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]()
      await records[Symbol.asyncDispose]()
    },
  }
}

/** With the key, where none is said. */
export async function askAt(
  port: number,
  path: string,
  { method = 'POST', input = {}, key = keyText, headers = {} }: AskOptions = {},
): Promise<AdminReply> {
  const body = typeof input === 'string' ? input : JSON.stringify(input)
  const asked = request({
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: {
      ...(method === 'POST'
        ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
        : {}),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
  })
  asked.end(method === 'POST' ? body : undefined)
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const piece of response) text += piece
  const isJson = String(response.headers['content-type']).startsWith('application/json')
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : null,
  }
}
