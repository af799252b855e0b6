/**
 * Files that a system opens with the installed app (`file_handlers` of the manifest): each waits for the screen that reads such files.
 *
 *     launchQueue ─▶ waiting ─takeLaunched▶ backup: the way back │ archive: bring along │ others: to be written about (`shared.ts`)
 *
 * @module
 */

export type LaunchedKind = 'backup' | 'archive' | 'other'

interface LaunchQueue {
  setConsumer(consume: (launch: { readonly files: readonly FileSystemFileHandle[] }) => void): void
}

const nothing: readonly File[] = []
const listeners = new Set<() => void>()
let waiting: readonly File[] = nothing
let isWatching = false

/** By its name alone: whoever reads it finds out whether it is one. */
export function launchedKind({ name }: Pick<File, 'name'>): LaunchedKind {
  if (/\.(age|effigy)$/i.test(name)) return 'backup'
  return /\.(zip|gz|tgz|tar)$/i.test(name) ? 'archive' : 'other'
}

/** The system keeps what it opened until somebody asks. */
export function subscribeLaunched(listener: () => void): () => void {
  listeners.add(listener)
  watch()
  return () => listeners.delete(listener)
}

export const launchedFiles = (): readonly File[] => waiting

/** They wait no longer. */
export function takeLaunched(kind: LaunchedKind): readonly File[] {
  const taken = waiting.filter((file) => launchedKind(file) === kind)
  if (taken.length > 0) change(waiting.filter((file) => launchedKind(file) !== kind))
  return taken
}

function watch(): void {
  const { launchQueue } = globalThis as unknown as { readonly launchQueue?: LaunchQueue }
  if (isWatching || launchQueue === undefined) return
  isWatching = true
  launchQueue.setConsumer(({ files }) => {
    Promise.all(files.map((file) => file.getFile())).then(
      (opened) => change([...waiting, ...opened]),
      // Gone, or not to be read: the system opened nothing.
      () => {},
    )
  })
}

function change(files: readonly File[]): void {
  waiting = files.length === 0 ? nothing : files
  for (const tell of listeners) tell()
}
