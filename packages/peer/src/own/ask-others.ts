/**
 * What others sealed before this device joined, its own devices may have opened: they are asked (spec X10).
 *
 *     age: entries of others that stay shut ─▶ own devices that are connected, each once ─▶ texts ─▶ told
 *                                                       └─ does not have it yet ─▶ again, when it may
 *
 * @module
 */
import { type ContentName, type Identity, type JsonObject, type RawCid, shortName } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Log } from '@effigy/sync'
import type { Opening } from '../private/opening.ts'
import type { KeepOpenPorts } from './keep-open.ts'
import { learnWanted, maxWanted, ownTextsService } from './texts.ts'

export interface AskOthersPorts {
  readonly store: Store
  readonly opening: Pick<Opening, 'told'>
  readonly log: Log
  readonly call: KeepOpenPorts['call']
  readonly signal: AbortSignal
}

/** Pages of one round. */
const maxPages = 4_096

/** Asks `other` for all that it was not asked for and, again, for what it did not have then; how far it got is remembered for good. */
export async function askOthers(
  other: Identity,
  own: ReadonlySet<Identity>,
  ports: AskOthersPorts,
  isAgain: boolean,
): Promise<void> {
  const { store } = ports
  const [asked, lacked] = [`shut-asked/${other}`, lackedKey(other)]
  const before = lackedOf(store, other)
  const still = isAgain ? await ask(other, before.filter(isShutHere), ports) : before
  if (still === null) return
  let lacking = still
  const save = (serial: number): void =>
    store.saveSettings([
      [asked, String(serial)],
      [lacked, lacking.length === 0 ? null : writeNames(lacking)],
    ])
  let serial = Number(store.setting(asked) ?? 0)
  if (lacking.length < before.length) save(serial)
  for (let page = 0; page < maxPages; page++) {
    const shut = store.shut?.shutAfter(serial, maxWanted) ?? []
    const last = shut.at(-1)
    if (last === undefined) return
    const absent = await ask(
      other,
      shut.filter(({ identity }) => !own.has(identity)),
      ports,
    )
    if (absent === null) return
    // Of very many the newest: those that somebody waits for.
    lacking = [...lacking, ...absent].slice(-maxWanted)
    serial = last.serial
    save(serial)
  }

  function isShutHere({ identity, content }: ContentName): boolean {
    const type = store.resolve(identity, content)?.state.type
    return type !== undefined && type !== 'shown'
  }
}

/** What it did not have when it was asked. */
export function lackedOf(store: Pick<Store, 'setting'>, other: Identity): readonly ContentName[] {
  // Nobody but `askOthers` writes it.
  const names = JSON.parse(store.setting(lackedKey(other)) ?? '[]') as [Identity, RawCid][]
  return names.map(([identity, content]) => ({ identity, content }))
}

const lackedKey = (other: Identity): string => `shut-lacked/${other}`

const writeNames = (names: readonly ContentName[]): string =>
  JSON.stringify(names.map(({ identity, content }) => [identity, content]))

/** Takes in what it tells of them; gives those that it does not have, null where it did not answer. */
async function ask(
  other: Identity,
  names: readonly ContentName[],
  { store, opening, log, call, signal }: AskOthersPorts,
): Promise<readonly ContentName[] | null> {
  const absent: ContentName[] = []
  let done = 0
  while (done < names.length) {
    const part = names.slice(done)
    const wanted = part.map(({ identity, content }) => [identity, content])
    const answer = await call(other, ownTextsService, 'texts', { wanted } as JsonObject, { signal })
    if (!answer.ok) return null
    const learned = await learnWanted(store, opening.told, part, answer.value.value)
    if (learned === null) {
      log.warn('own.bad-answer', { peer: shortName(other) })
      return null
    }
    absent.push(...learned.absent)
    done += learned.through
  }
  return absent
}
