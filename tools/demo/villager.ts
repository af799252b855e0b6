/**
 * Somebody who lives in the village: a home of their own, and what they do there.
 *
 *     openVillager ─▶ say, react, edit, erase, show an album ─▶ their own feed
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Account,
  encodeBase64url,
  type ImageFile,
  type Mention,
  type Payload,
  type Reference,
} from '@effigy/core'
import { createHome, isHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { type Clock, silentLog } from '@effigy/sync'
import type { Person, PersonKey } from './people.ts'
import type { MadePicture, PictureOrder } from './pictures/make.ts'
import type { Album, Told } from './story/told.ts'

export interface Villager extends AsyncDisposable {
  readonly person: Person
  readonly peer: NodePeer
  /** Theirs, from the first start on. */
  readonly account: Account
}

export interface VillagerPorts {
  /** That holds the homes of all. */
  readonly folder: string
  readonly clock: Clock
  readonly seed: string
  readonly paint: (order: PictureOrder) => Promise<MadePicture>
  readonly signal: AbortSignal
}

/** What somebody said, by whoever refers to it. */
export interface Said {
  readonly reference: Reference
}

/** Opens the home of a person, which is made where there is none; a home's key is chance, whatever the seed. */
export async function openVillager(person: Person, ports: VillagerPorts): Promise<Villager> {
  const { folder, clock } = ports
  const home = join(folder, 'people', person.key)
  const isNew = !existsSync(home) || !isHome(home)
  if (isNew) await createHome(home)
  const peer = await openNodePeer({ home, clock, log: silentLog, verifyThreads: 0 })
  try {
    if (isNew) await introduce(peer, person, ports)
    const account = peer.account.show()
    if (account === null)
      throw new Error(`${home} has no account: it was left half made. Choose another folder.`)
    const { identity, root } = account
    return {
      ...{ person, peer, account: { identity, root } },
      [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
    }
  } catch (error) {
    await peer[Symbol.asyncDispose]()
    throw error
  }
}

async function introduce(peer: NodePeer, person: Person, ports: VillagerPorts): Promise<void> {
  const { name, about, device, looks, key } = person
  const avatar = await addPicture(
    peer,
    ports,
    { type: 'portrait', looks, seed: `${ports.seed} ${key}` },
    name,
  )
  await peer.account.create({ label: device, profile: { name, about, avatar } })
  const at = ports.clock.now()
  await peer.publish({
    type: 'identification',
    at,
    name,
    about,
    avatar,
    hubs: [],
    box: encodeBase64url(peer.boxKey),
  })
  const words = peer.account.phraseQuestion()
  const phrase = peer.account.phrase()?.split(' ') ?? []
  // Nobody needs their words again: without this, each would be told that their account is not safe yet.
  await peer.account.confirmPhrase((words?.positions ?? []).map((position) => phrase[position - 1] ?? ''))
}

async function addPicture(
  peer: NodePeer,
  { paint, signal }: Pick<VillagerPorts, 'paint' | 'signal'>,
  order: PictureOrder,
  alt: string,
): Promise<ImageFile> {
  const { bytes, mime, width, height, thumbhash } = await paint(order)
  const added = await peer.addFile(once(bytes), { signal })
  return { blob: added.root, mime, width, height, alt, thumbhash }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

export interface SayOptions {
  readonly told: Told
  readonly target: Reference | null
  readonly thread: Reference | null
  /** Of the people who may be named. */
  readonly named: ReadonlyMap<string, Account>
}

export async function say(
  villager: Villager,
  { told, target, thread, named }: SayOptions,
  ports: VillagerPorts,
): Promise<Reference> {
  const { text, picture, language, cw } = told
  const attachments: (ImageFile & { readonly type: 'image' })[] = []
  if (picture !== undefined) {
    const { scene, seed, alt } = picture
    const order = { type: 'scene', scene, seed: `${ports.seed} ${seed}` } as const
    attachments.push({ type: 'image', ...(await addPicture(villager.peer, ports, order, alt)) })
  }
  const content = {
    ...noteOf(text, named),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(language === undefined ? {} : { language }),
    ...(cw === undefined ? {} : { cw }),
  }
  const at = ports.clock.now()
  const payload =
    target === null
      ? { type: 'public_note', at, ...content }
      : { type: 'comment', at, ...content, target, thread }
  return referTo(villager, await villager.peer.publish(payload as Payload))
}

/** The text with its tags, and whom it names. */
export function noteOf(
  text: string,
  named: ReadonlyMap<string, Account>,
): { readonly text: string; readonly tags?: readonly string[]; readonly mentions?: readonly Mention[] } {
  const tags = [...text.matchAll(/(?<=^|\s)#(\p{L}[\p{L}\p{N}-]*)/gu)].map(([, tag = '']) => tag)
  const names = new Set([...text.matchAll(/@([\p{L}\p{M}]+)/gu)].map(([, name = '']) => name))
  const mentions = [...names].flatMap((name) => {
    const account = named.get(name)
    return account === undefined ? [] : [{ ...account, name }]
  })
  return {
    text,
    ...(tags.length === 0 ? {} : { tags }),
    ...(mentions.length === 0 ? {} : { mentions }),
  }
}

function referTo(
  { peer, account }: Villager,
  { cid, content }: { readonly cid: Reference['entry']; readonly content: Reference['content'] },
): Reference {
  const { identity, root } = account
  return { identity: peer.identity, content, entry: cid, synod: root === null ? null : [identity, root] }
}

export async function react(
  { peer }: Villager,
  target: Reference,
  label: string,
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  await peer.publish({ type: 'tag', at: clock.now(), target, labels: [label] } as Payload)
}

export async function edit(
  villager: Villager,
  what: Reference,
  text: string,
  named: ReadonlyMap<string, Account>,
): Promise<Reference> {
  const { peer } = villager
  const item = peer.query.resolve(peer.identity, what.content)
  if (item?.state.type !== 'shown') throw new Error('what is to be edited is not there')
  const { payload } = item.state
  return referTo(villager, await peer.edit(item.cid, { ...payload, ...noteOf(text, named) } as Payload))
}

/** A folder of pictures. */
export async function showAlbum(villager: Villager, album: Album, ports: VillagerPorts): Promise<void> {
  const { peer } = villager
  const files: { readonly path: string; readonly content: readonly Uint8Array[] }[] = []
  for (const { scene, seed, file } of album.pictures) {
    const { bytes } = await ports.paint({ type: 'scene', scene, seed: `${ports.seed} ${seed}` })
    files.push({ path: file, content: [bytes] })
  }
  const { root, files: count, size: bytes } = await peer.addDirectory(files, { signal: ports.signal })
  const { name, alt } = album
  await peer.publish({ type: 'collection', at: ports.clock.now(), root, name, count, bytes, alt } as Payload)
}

export type Villagers = ReadonlyMap<PersonKey, Villager>

export function villagerOf(villagers: Villagers, key: PersonKey): Villager {
  const villager = villagers.get(key)
  if (villager === undefined) throw new Error(`${key} does not live here`)
  return villager
}

/** By what stands behind `@`. */
export function namesOf(villagers: Villagers): ReadonlyMap<string, Account> {
  return new Map(Array.from(villagers.values(), ({ person, account }) => [person.called, account]))
}
