/**
 * Opens what anybody sealed to us, as it comes, and tells whoever waits for it (spec X5 to X8).
 *
 *     store.shut ─▶ openText ─┬ opened ─▶ remembered ─▶ hooks by type (read_key, recovery_share, …) ─▶ done
 *                             ├ shut ───▶ waits for a key that was not tried
 *                             └ refused ▶ done
 *
 * What own devices sealed is opened first and without bounds: their state has to act before anything else does. The rest
 * follows behind, feed by feed in turns, within what the texts of one account may cost.
 *
 * @module
 */
import {
  encodeBase64url,
  type Identity,
  type Payload,
  type RawCid,
  readPayload,
  shortName,
} from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { ContentKey, ShutEntry, Store, StoreChange } from '@effigy/store'
import { type Clock, type Log, nextTurn } from '@effigy/sync'
import { rest } from '../rest.ts'
import { type Candidates, candidatesOf } from './candidates.ts'
import { mayBeTold } from './contexts.ts'
import { createEffort } from './effort.ts'
import { type OpenedBy, type OpenedText, openText } from './open-text.ts'

export interface OpenedEntry {
  readonly author: Identity
  readonly content: RawCid
  readonly payload: Payload
  readonly by: OpenedBy
}

/**
 * Called for each sealed payload of its type once it is open, and again when the process ended in between: it must be
 * harmless to hear of one twice. Its text is in the views by then.
 */
export type OpenedHook = (opened: OpenedEntry) => void | Promise<void>

export interface Opening extends Disposable {
  /** Several hooks of one type are called in turn. What was opened before the first turn of all is told to it, too. */
  on(type: string, hook: OpenedHook): void
  /** Called after the hooks of some that were opened together, and before they count as done. */
  onHeard(listener: () => void): void
  /** Called when something of others turned out to be sealed to none of our keys: own devices may know it. */
  onShut(listener: () => void): void
  /** Opens what the feeds of own devices sealed; resolves when all that can be opened is. */
  openOwn(devices: readonly Identity[]): Promise<void>
  /** Opens what others sealed and is here at once; resolves when all was tried whose account has not cost too much. */
  now(): Promise<void>
  changed(change: StoreChange): void
  /** A text that an own device told of a content that is here and shut. False: it is nothing that may be told. */
  told(author: Identity, content: RawCid, text: string): Promise<boolean>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export interface OpeningPorts {
  readonly store: Store
  readonly crypto: Crypto
  /** What opens texts that are sealed to this device, or to its account. */
  readonly keys: () => readonly AgreementKey[]
  /** This device and the others of its person. */
  readonly devices: () => readonly Identity[]
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/** Ms after a change: entries come in batches, and count once their signatures are checked. */
const settleMs = 300

/** Until a feed whose account has cost too much is looked at again, ms. */
const spentMs = 2_000

/** Entries of one feed before the next feed has its turn. */
const turnEntries = 256

/** Units (effort.ts) after which others run: some 10 ms. Of own texts more, which are waited for. */
const sliceUnits = 64
const ownSliceUnits = 1_024

const pauseMs = 5

/** A key costs a box one HKDF, some part of an agreement. */
const keysPerUnit = 8

/** What a box costs besides, in keys. */
const boxUnits = 4

const keysSetting = 'opening/keys'

export function createOpening(ports: OpeningPorts): Opening {
  const { store, crypto, clock, log, signal } = ports
  const { shut, contentKeys } = store
  const hooks = new Map<string, OpenedHook[]>()
  const effort = createEffort(clock)
  /** Own texts are opened while the peer is put together: who joins later hears of them. Null once it runs. */
  let early: OpenedEntry[] | null = []
  let stayedShut = (): void => {}
  let heard = (): void => {}
  let timer: Disposable | null = null
  let turn: Promise<void> = Promise.resolve()
  let worked = 0

  /**
   * With a key that was not there before, everything is tried again, what is known too: what a stolen device told of texts
   * gives way to what they say (T26).
   */
  function noticeKeys(): readonly AgreementKey[] {
    const keys = ports.keys()
    const names = keys.map(({ publicKey }) => encodeBase64url(publicKey)).sort()
    const before = store.setting(keysSetting)
    if (before === names.join()) return keys
    const known = new Set(before?.split(','))
    if (names.some((name) => !known.has(name))) {
      shut?.tryAllAgain()
    }
    store.saveSetting(keysSetting, names.join())
    return keys
  }

  /** One agreement for each stanza and key, at least as many as fit the length of a text. */
  function ageUnits(text: string, keys: number): number {
    return 1 + keys * Math.min(64, Math.max(1, Math.ceil((text.length * 0.75 - 100) / 98)))
  }

  async function work(units: number, perSlice: number): Promise<void> {
    worked += units
    if (worked < perSlice) return
    worked = 0
    // Own texts are waited for at the start, when no clock runs yet.
    if (perSlice === ownSliceUnits) await nextTurn()
    else await rest(clock, pauseMs, signal)
  }

  async function tell(author: Identity, content: RawCid, payload: Payload, by: OpenedBy): Promise<void> {
    const opened = { author, content, payload, by }
    early?.push(opened)
    for (const hook of hooks.get(payload.type) ?? []) await hook(opened)
    // What waits may be sealed under it.
    if (payload.type === 'read_key') soon(settleMs)
  }

  /** What is known of one feed in its turn; `flush` puts what was found into the store. */
  function createTurn(
    author: Identity,
    isOwn: boolean,
    keys: readonly AgreementKey[],
    newest = contentKeys?.newest ?? 0,
  ) {
    let candidates: Candidates | null = null
    let opened: { readonly entry: ShutEntry; readonly found: OpenedText }[] = []
    let done: number[] = []
    const waiting: Record<'age' | 'box' | 'textless', number[]> = { age: [], box: [], textless: [] }
    const refused = new Map<string, number>()

    async function flush(): Promise<void> {
      const now = opened
      opened = []
      shut?.remember(
        now.map(({ entry, found }) => ({ identity: author, content: entry.content, text: found.text })),
      )
      for (const { entry, found } of now) await tell(author, entry.content, found.payload, found.by)
      heard()
      shut?.drop([...done, ...now.map(({ entry }) => entry.id)])
      done = []
      // One line for all: whoever sends nonsense fills no log.
      for (const [code, count] of refused) {
        log.warn('private.refused', { author: shortName(author), code, count })
      }
      refused.clear()
      if (!isOwn && waiting.age.length > 0) stayedShut()
      for (const kind of ['age', 'box', 'textless'] as const) {
        if (waiting[kind].length > 0) shut?.keepShut(waiting[kind], kind, newest)
        waiting[kind] = []
      }
    }

    /** Gives what it cost, in units of effort.ts; null: an own key cannot be used now, and nothing is known of it. */
    async function look(entry: ShutEntry, only?: readonly ContentKey[]): Promise<number | null> {
      const { id, content, text } = entry
      // A box is opened once more, to know by which key.
      if (entry.isOpened && text?.startsWith('box:') !== true) {
        const item = store.resolve(author, content)
        if (item?.state.type === 'shown') await tell(author, content, item.state.payload, { type: 'told' })
        done.push(id)
        return 1
      }
      if (text === null) {
        waiting.textless.push(id)
        return 1
      }
      if (candidates === null && contentKeys !== undefined) candidates = candidatesOf(contentKeys, author)
      const isAge = text.startsWith('age:')
      const found = await openText(text, {
        crypto,
        author,
        isOwn,
        keys,
        candidates: only ?? candidates ?? [],
      })
      const tried = only?.length ?? candidates?.looked() ?? 0
      if (found.ok) {
        opened.push({ entry, found: found.value })
        const { by, payload } = found.value
        if (by.type === 'box') candidates?.hit(by.key)
        // What comes next may be sealed under it.
        if (payload.type === 'read_key') {
          await flush()
          candidates = null
        }
      } else if (found.error.type === 'own-key') {
        return null
      } else if (found.error.type === 'shut') {
        waiting[found.error.kind].push(id)
      } else {
        const { code } = found.error
        refused.set(code, (refused.get(code) ?? 0) + 1)
        done.push(id)
      }
      return isAge ? ageUnits(text, keys.length) : (boxUnits + tried) / keysPerUnit
    }

    return { look, flush }
  }

  /**
   * Up to one turn of a feed; whether there may be more, and none for now, because its account has cost too much or an own
   * key cannot be used.
   */
  async function openTurn(author: Identity, isOwn: boolean): Promise<'more' | 'done' | 'spent'> {
    const keys = noticeKeys()
    const account = store.synods?.accountOf(author) ?? author
    const entries = shut?.untried(author, turnEntries) ?? []
    const { look, flush } = createTurn(author, isOwn, keys)
    try {
      for (const entry of entries) {
        if (!isOwn && effort.isSpent(account)) return 'spent'
        const units = await look(entry)
        if (units === null) return 'spent'
        effort.spend(account, units)
        await work(units, isOwn ? ownSliceUnits : sliceUnits)
        if (signal.aborted) return 'done'
      }
    } finally {
      await flush()
    }
    return entries.length < turnEntries ? 'done' : 'more'
  }

  async function openOwn(devices: readonly Identity[]): Promise<void> {
    noticeKeys()
    const waiting = new Set(shut?.feeds())
    for (const device of devices) {
      if (!waiting.has(device)) continue
      while ((await openTurn(device, true)) === 'more');
    }
  }

  /** Keys that came after the messages; false when some account has cost too much: the others go on. */
  async function openBoxes(): Promise<boolean> {
    if (shut === undefined || contentKeys === undefined) return true
    const { newest } = contentKeys
    let isAll = true
    const own = new Set(ports.devices())
    for (const { identity: author, tried } of shut.boxFeeds(newest)) {
      const keys = contentKeys.candidatesSince(author, tried)
      if (keys.length === 0) {
        shut.skipBoxes(author, newest)
        continue
      }
      const isOwn = own.has(author)
      const account = store.synods?.accountOf(author) ?? author
      for (;;) {
        const entries = shut.boxes(author, newest, turnEntries)
        if (entries.length === 0) break
        if (!isOwn && effort.isSpent(account)) {
          isAll = false
          break
        }
        const { look, flush } = createTurn(author, isOwn, [], newest)
        let units = 0
        for (const entry of entries) units += (await look(entry, keys)) ?? 0
        await flush()
        effort.spend(account, units)
        await work(units, sliceUnits)
        if (signal.aborted) return true
      }
    }
    return isAll
  }

  async function openAll(): Promise<void> {
    early = null
    noticeKeys()
    const own = new Set(ports.devices())
    let isSpent = false
    let feeds = (shut?.feeds() ?? []).filter((feed) => !own.has(feed))
    while (feeds.length > 0) {
      const more: Identity[] = []
      for (const feed of feeds) {
        if (signal.aborted) return
        const outcome = await openTurn(feed, false)
        if (outcome === 'more') more.push(feed)
        if (outcome === 'spent') isSpent = true
      }
      feeds = more
    }
    if (!(await openBoxes())) isSpent = true
    if (isSpent) soon(spentMs)
  }

  function soon(ms: number): void {
    if (timer !== null || signal.aborted || shut === undefined) return
    timer = clock.after(ms, () => {
      timer = null
      // A store that fails here fails whoever writes next, too, and is told there.
      turn = turn.then(openAll).catch(() => {})
    })
  }

  soon(settleMs)
  return {
    on(type, hook) {
      hooks.set(type, [...(hooks.get(type) ?? []), hook])
      for (const opened of early ?? []) {
        if (opened.payload.type === type) turn = turn.then(() => hook(opened)).catch(() => {})
      }
    },
    onHeard(listener) {
      heard = listener
    },
    onShut(listener) {
      stayedShut = listener
    },
    openOwn,
    now() {
      const mine = turn.then(openAll)
      turn = mine.catch(() => {})
      return mine
    },
    changed({ feeds }) {
      if (feeds.size > 0) soon(settleMs)
    },
    async told(author, content, text) {
      const payload = readPayload(text, { encrypted: true })
      if (!payload.ok || !mayBeTold(payload.value, ports.devices().includes(author))) return false
      if (!store.rememberOpened(author, content, text)) return false
      await tell(author, content, payload.value, { type: 'told' })
      heard()
      return true
    },
    idle: () => turn,
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      timer = null
    },
  }
}
