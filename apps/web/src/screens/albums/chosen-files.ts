/**
 * Files that a person chose or dropped, folders with all that is in them, by their paths.
 *
 *     File[] │ DataTransfer ─▶ [{path, file}] without the folder's own name, which becomes that of the album
 *
 * @module
 */

export interface ChosenFile {
  readonly path: string
  readonly file: File
}

export interface Chosen {
  readonly files: readonly ChosenFile[]
  /** Of the one folder that was chosen; empty: several things were. */
  readonly name: string
}

/** As many as cross to the worker at once. */
export const maxFiles = 20_000

/** Files that systems put into folders, and nobody means. */
const unmeant = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/

export function chosenOf(files: readonly File[]): Chosen {
  return named(files.map((file) => ({ path: pathOf(file), file })))
}

const pathOf = (file: File): string => (file.webkitRelativePath === '' ? file.name : file.webkitRelativePath)

/** To be called in the handler of the drop itself: afterwards nothing is left in it. */
export async function droppedOf(transfer: DataTransfer): Promise<Chosen> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  )
  const files: ChosenFile[] = []
  for (const entry of entries) await walk(entry, entry.name, files)
  return named(files)
}

async function walk(entry: FileSystemEntry, path: string, into: ChosenFile[]): Promise<void> {
  if (into.length > maxFiles) return
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    into.push({ path, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // It gives a hundred at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return
    for (const one of some) await walk(one, `${path}/${one.name}`, into)
  }
}

/** Where all is in one folder, its name goes from the paths. */
export function named(all: readonly ChosenFile[]): Chosen {
  const files = all.filter(({ path }) => !unmeant.test(path))
  const [first] = files[0]?.path.split('/') ?? []
  const isOne = first !== undefined && files.every(({ path }) => path.startsWith(`${first}/`))
  if (!isOne) return { files, name: '' }
  return { files: files.map(({ path, file }) => ({ path: path.slice(first.length + 1), file })), name: first }
}

/** Later ones take the place of earlier ones with the same path. */
export function together(before: Chosen, more: Chosen): Chosen {
  const files = new Map([...before.files, ...more.files].map((one) => [one.path, one]))
  return { files: [...files.values()], name: before.name === '' ? more.name : before.name }
}
