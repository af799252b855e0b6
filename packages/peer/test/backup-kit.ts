/** A backup of one device, taken in by a new one. */
import type { BackupReport } from '../src/backup/backup.ts'
import { linkPage } from './remote-kit.ts'
import { never, type TestPeer, type World } from './world.ts'

const passphrase = 'correct horse battery'

export async function carried(world: World, { peer }: TestPeer, others = false) {
  let report: BackupReport | null = null
  async function* making(): AsyncGenerator<Uint8Array> {
    report = yield* peer.backup({ to: { passphrase }, others, signal: never })
  }
  const file = new Blob((await Array.fromAsync(making())).map((piece) => piece.slice()))
  const fresh = await world.add('fresh')
  const { remote } = linkPage(fresh.peer)
  const taken = await remote.takeBackup(file, { key: { passphrase }, signal: never })
  if (!taken.ok) throw new Error(taken.error.code)
  return { fresh, remote, report: report as unknown as BackupReport, taken: taken.value }
}
