/**
 * Puts the parts of `peer.groups` together (groups.ts).
 *
 *     opening ─▶ note-texts ─▶ known-groups ─┬▶ views, whom to watch, whose texts a key may open
 *     create, invite, … ─▶ operate ─▶ group-keyring ─▶ own feed
 *
 * @module
 */
import {
  type Account,
  EffigyError,
  encodeBase64url,
  type Group,
  type GroupSettings,
  type GroupState,
  groupId,
  type Identity,
  type OpenGroup,
  operationsConversation,
  type Payload,
  type Person,
  type RandomBytes,
  saltBytes,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { ContentKeys, GroupTexts, Store, StoreChange } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { accountTarget } from '../account/targets.ts'
import { errorName } from '../error-name.ts'
import type { Published } from '../peer.ts'
import type { Opening } from '../private/opening.ts'
import { nameGroup } from '../private/people.ts'
import type { DraftOptions } from '../publish.ts'
import { rest } from '../rest.ts'
import { createGroupKeyring } from './group-keyring.ts'
import { createGroupReaders } from './group-readers.ts'
import { readGroups } from './group-views.ts'
import type { GroupInvite, NewGroup, PeerGroups } from './groups.ts'
import { createKnownGroups, type KnownGroup } from './known-groups.ts'
import { type Listened, listenTo, type NamingGroup, stancesOf } from './listening.ts'
import { noGroups } from './no-groups.ts'
import { createNoteTexts } from './note-texts.ts'
import { createShareAgain } from './share-again.ts'

export interface GroupsPorts {
  readonly store: Store
  readonly crypto: Crypto
  readonly self: Identity
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly opening: Pick<Opening, 'on' | 'now'>
  /** Box keys of this device, the others of its account, and the recovery key. */
  readonly ownKeys: () => readonly Uint8Array[]
  readonly publish: (payload: Payload, options: DraftOptions) => Promise<Published>
  /** Whether anybody is connected, and resolves when they have told all that is news. */
  readonly isConnected: () => boolean
  readonly settled: (signal: AbortSignal) => Promise<unknown>
  /** Strangers whose messages are wanted. */
  readonly accepted: () => readonly Account[]
  /** Others are named by groups now: whom to watch has changed. */
  readonly namedChanged: () => void
  /** Whether this is the device of its person that gives keys to those who lack them, without being asked. */
  readonly isMain: () => boolean
  readonly signal: AbortSignal
}

export interface OpenGroups extends Disposable {
  readonly api: PeerGroups
  /** Whom groups name that one is a member of: their feeds hold what is said and done there. As people are known now. */
  named(): readonly Listened[]
  /** A device of each who did something in a group that counts, but leave; first of whoever made it. */
  doers(group: string): readonly Identity[]
  /** For each commit. */
  changed(change: StoreChange): void
}

/** Members of one operation: with 24 others known it fits an entry. */
const maxOfOperation = 32

/** Who gave keys of a group that is not known yet, the first. */
const maxGivers = 24

/** Until a change is looked at, ms: texts come in batches. */
const settleMs = 100

/** Until what is here is judged: each may show whose texts open with the keys at hand. */
const maxRounds = 16

/** How long the connected are waited for before a key is given away, ms. Who is slower than that is not waited for. */
const freshMs = 5_000

export function openGroups(ports: GroupsPorts): OpenGroups {
  const { groupTexts: texts, contentKeys } = ports.store
  return texts === undefined || contentKeys === undefined ? noGroups : open({ ...ports, texts, contentKeys })
}

interface OpenPorts extends GroupsPorts {
  readonly texts: GroupTexts
  readonly contentKeys: ContentKeys
}

function open(ports: OpenPorts): OpenGroups {
  const { store, texts, contentKeys, crypto, self, clock, random, signal, publish } = ports
  const groups = createKnownGroups(store, texts, self, crypto.sha256)
  const readers = createGroupReaders({ ...ports, sha256: crypto.sha256 })
  let timer: Disposable | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let naming: readonly NamingGroup[] = []
  /** What was said of `named` last. */
  let told = '[]'
  let noted = 0
  /** Groups by the devices of all whom they name. */
  let heard: ReadonlyMap<Identity, readonly string[]> = new Map()

  const notes = createNoteTexts({
    ...{ store, texts, crypto },
    changed(conversation) {
      noted++
      if (conversation === null) return
      groups.changed(conversation)
      soon()
    },
  })
  notes.on(ports.opening)

  const keyring = createGroupKeyring({
    ...{ self, contentKeys, readers, random, publish },
    now: clock.now,
    noted: (conversation, content) => notes.handOut(conversation, self, content),
    again: known,
  })

  const again = createShareAgain({
    clock,
    isDue: keyring.isDue,
    again: groups.of,
    // What hinders it now hinders whoever writes next, and is told there.
    share: (id) => void inTurn(() => share(id)).catch(() => {}),
    guarded,
  })

  function soon(): void {
    if (timer !== null || signal.aborted) return
    timer = clock.after(settleMs, () => {
      timer = null
      look()
    })
  }

  /** One group that somebody made for that fails alone: the others go on, and so does whatever runs in this process (T16). */
  function guarded(id: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      ports.log.warn('group.failed', { group: id.slice(0, 8), error: errorName(error) })
    }
  }

  /** Whom to listen to, and whose texts may open under the keys of each group. */
  function look(): void {
    notes.tryAgain()
    const found: NamingGroup[] = []
    const feeds = new Map<Identity, string[]>()
    const operations = new Set<string>()
    const me = groups.personOf({ identity: self, root: null })
    const others = (accounts: Iterable<Account>): readonly Account[] =>
      [...accounts].filter((account) => groups.personOf(account) !== me)
    const hear = (id: string): void => {
      const known = groups.of(id)
      if (known === null) return
      const { now, named } = known.group
      const accounts = [...named.values()]
      const devices = new Set([...accounts.flatMap(devicesEver), ...known.hinted])
      for (const device of devices) feeds.set(device, [...(feeds.get(device) ?? []), id])
      operations.add(id).add(known.operations)
      for (const conversation of [id, known.operations]) contentKeys.setMembers(conversation, devices)
      if (now?.members.has(known.me) !== true && now !== null) return
      found.push({
        // Whoever made it is named first.
        givers: now === null ? giversOf(known.operations) : accounts.slice(0, 1),
        isMade: now !== null,
        members: others(Array.from(now?.members.values() ?? [], ({ account }) => account)),
        named: others([...accounts, ...Array.from(known.hinted, alone)]),
      })
      if (ports.isMain()) again.look(known)
    }
    for (const id of groups.ids()) guarded(id, () => hear(id))
    // Somebody was given keys: whose operations come first is told by the one who gave them.
    for (const conversation of texts.conversations('key')) {
      if (operations.has(conversation)) continue
      const hinted = groups.hintedBy(conversation)
      contentKeys.setMembers(conversation, hinted)
      const named = others(Array.from(hinted, alone))
      found.push({ givers: giversOf(conversation), isMade: false, members: [], named })
    }
    naming = found
    heard = feeds
    const before = told
    told = JSON.stringify(listened())
    if (before !== told) ports.namedChanged()
  }

  const listened = (): readonly Listened[] =>
    listenTo(naming, stancesOf(store, self, ports.accepted()), groups.personOf)

  /** Who gave keys of it first. */
  const giversOf = (conversation: string): readonly Account[] =>
    texts.of(conversation, 'key', maxGivers).map(({ identity }) => alone(identity))

  function devicesEver({ identity, root }: Account): readonly Identity[] {
    const known = root ?? store.synods?.accountOf(identity) ?? null
    const standings = known === null ? undefined : store.synods?.account(known)?.standings
    return [identity, ...(standings?.keys() ?? [])]
  }

  function known(id: string): KnownGroup {
    const found = groups.of(id)
    if (found === null)
      throw new EffigyError(
        'group-unknown',
        'There is no such group here. Look at your groups and choose again.',
      )
    return found
  }

  /** One after the other, over what all who are connected know of everybody's devices. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    return after(() => freshen().then(work))
  }

  function after<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  async function freshen(): Promise<void> {
    if (!ports.isConnected()) return
    const stop = new AbortController()
    const until = AbortSignal.any([stop.signal, signal])
    const ignore = (): void => {}
    await Promise.race([ports.settled(until).catch(ignore), rest(clock, freshMs, until).catch(ignore)])
    stop.abort()
  }

  function member(id: string): {
    readonly found: KnownGroup
    readonly state: GroupState
    readonly isAdmin: boolean
  } {
    const found = known(id)
    const state = found.group.at(found.group.heads)
    const me = state?.members.get(found.me)
    if (state === null || me === undefined) {
      throw new EffigyError(
        'group-former',
        'You are no member of this group any more. Somebody in it can invite you again.',
      )
    }
    return { found, state, isAdmin: me.role === 'admin' }
  }

  function assertAdmin({ isAdmin }: ReturnType<typeof member>): void {
    if (isAdmin) return
    throw new EffigyError('group-admins-only', 'Only admins of the group do this. Ask one of them.')
  }

  async function write(
    group: Pick<OpenGroup, 'group' | 'heads'>,
    rest: object,
    key: Uint8Array,
    salt?: string,
  ): Promise<void> {
    const base = { type: 'group', at: clock.now(), ...(salt === undefined ? {} : { salt }) }
    const payload = { ...base, group: group.group, knows: group.heads, ...rest } as unknown as Group
    const conversation = operationsConversation(group.group, crypto.sha256)
    const { content } = await publish(payload, { seal: { type: 'box', conversation, key } })
    notes.operation(group.group, self, content)
  }

  async function operate(id: string, operation: object): Promise<void> {
    const { found } = member(id)
    const key = await keyring.keyFor(found, 'operations')
    await write(known(id).group, operation, key)
    await share(id)
  }

  /** Whoever is in it has the keys of now, and nobody else. */
  async function share(id: string): Promise<void> {
    for (const kind of ['operations', 'messages'] as const) {
      const found = known(id)
      if (found.group.at(found.group.heads)?.members.has(found.me) === true) await keyring.keyFor(found, kind)
    }
    look()
  }

  function invited({ identity, role = 'member' }: GroupInvite) {
    const account = accountTarget(store, identity)
    if (readers.keysOf(account) === null) throw noKey(identity)
    return { ...account, role }
  }

  const selfNow = (): Account => accountTarget(store, self)

  async function create(options: NewGroup): Promise<string> {
    const { name, about = '', avatar = null, history = true, members = [] } = options
    const settings: GroupSettings = { name, about, avatar, history }
    const [first, ...others] = chunks([{ ...selfNow(), role: 'admin' as const }, ...members.map(invited)])
    let salt: string
    let id: string
    do {
      salt = encodeBase64url(random(saltBytes))
      id = groupId(self, salt, crypto.sha256)
      // Typed on a command line it would be taken for an option.
    } while (id.startsWith('-'))
    await inTurn(async () => {
      const key = keyring.firstKey(operationsConversation(id, crypto.sha256))
      await write({ group: id, heads: [] }, { operation: 'create', members: first, ...settings }, key, salt)
      for (const some of others) await operate(id, { operation: 'add', members: some })
      await share(id)
    })
    return id
  }

  /** Why an admin cannot take something from somebody; null: they can. */
  function assertJunior({ found, state }: ReturnType<typeof member>, persons: readonly Person[]): void {
    const order = [...state.members.keys()]
    const mine = order.indexOf(found.me)
    for (const person of persons) {
      const place = order.indexOf(person)
      if (place < 0 || place >= mine || state.members.get(person)?.role !== 'admin') continue
      const message =
        'They were an admin of this group before you. Only they, or an admin before them, can do this.'
      throw new EffigyError('group-senior', message)
    }
  }

  /** All by which somebody was let in: what is taken from them is taken whatever account their devices are in later. */
  function namesOf({ found, state }: ReturnType<typeof member>, account: Account): readonly Account[] {
    const person = groups.personOf(account)
    const listed = state.members.get(person)?.account ?? account
    const alone = [...(found.group.alone.get(person) ?? [])].map((identity) => ({ identity, root: null }))
    const names = [account, listed, ...alone]
    return [...new Map(names.map((one) => [one.root ?? one.identity, one])).values()]
  }

  /** A key opens operations, which name others, whose texts it opens. */
  async function settled(): Promise<boolean> {
    const before = told
    for (let rounds = 0; rounds < maxRounds; rounds++) {
      const seen = noted
      await ports.opening.now()
      look()
      if (noted === seen && rounds > 0) break
    }
    return told !== before
  }

  const api: PeerGroups = {
    create,
    settled,
    set: (id, changes) =>
      inTurn(async () => {
        const mine = member(id)
        assertAdmin(mine)
        await operate(id, { operation: 'settings', ...mine.state.settings, ...changes })
      }),
    invite: (id, members) =>
      inTurn(async () => {
        assertAdmin(member(id))
        for (const some of chunks(members.map(invited)))
          await operate(id, { operation: 'add', members: some })
      }),
    role: (id, identity, role) =>
      inTurn(async () => {
        const mine = member(id)
        assertAdmin(mine)
        const account = accountTarget(store, identity)
        if (role === 'member') assertJunior(mine, [groups.personOf(account)])
        const names = role === 'member' ? namesOf(mine, account) : [account]
        for (const some of chunks(names.map((one) => ({ ...one, role }))))
          await operate(id, { operation: 'role', members: some })
      }),
    remove: (id, identities) =>
      inTurn(async () => {
        const mine = member(id)
        const targets = identities.map((identity) => accountTarget(store, identity))
        const persons = targets.map(groups.personOf)
        if (!persons.every((person) => person === mine.found.me)) assertAdmin(mine)
        assertJunior(mine, persons)
        for (const some of chunks(targets.flatMap((target) => namesOf(mine, target))))
          await operate(id, { operation: 'remove', targets: some })
      }),
    leave: (id) => inTurn(() => operate(id, { operation: 'leave' })),
    post: (id, payload, options = {}) =>
      after(async () => {
        if (keyring.isDue(member(id).found)) await freshen()
        await keyring.keyFor(member(id).found, 'operations')
        const key = await keyring.keyFor(member(id).found, 'messages')
        const seal = { type: 'box', conversation: id, key } as const
        const published = await publish(payload, { ...options, seal })
        notes.message(id, self, published.content, key)
        const { content } = published
        store.conversations?.assign([{ author: self, content, conversation: nameGroup(id) }])
        return published
      }),
    ...readGroups({ store, texts, groups, readers, self, known }),
  }

  // What was opened before this start.
  soon()
  return {
    api,
    named: listened,
    doers: (id) => groups.of(id)?.doers ?? [],
    changed({ synods, feeds }) {
      const hasOther = (synods?.size ?? 0) > 0
      if (hasOther) groups.changed()
      else for (const feed of feeds) for (const id of heard.get(feed) ?? []) groups.changed(id)
      if (hasOther) soon()
    },
    [Symbol.dispose]() {
      again[Symbol.dispose]()
      timer?.[Symbol.dispose]()
      timer = null
    },
  }
}

const alone = (identity: Identity): Account => ({ identity, root: null })

function* chunks<Value>(values: readonly Value[]): Iterable<readonly Value[]> {
  for (let at = 0; at < values.length; at += maxOfOperation) yield values.slice(at, at + maxOfOperation)
}

function noKey(identity: Identity): EffigyError {
  const message = `Nothing is known here of the devices of ${identity}, so no key can be given to them. Follow them and connect to them or to a hub of theirs, then try again.`
  return new EffigyError('no-box-key', message)
}
