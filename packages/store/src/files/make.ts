/**
 * Files and directories made into blocks, the code for it loaded where it is not there yet (`later.ts`).
 *
 * @module
 */
import type { Result } from '@effigy/core'
import { loadImporter } from '#later'
import type { Blocks } from './blocks.ts'
import type { FileError } from './file-error.ts'
import type { DirectorySource, ImportedDirectory } from './import-directory.ts'
import type { ByteSource, ImportedFile, ImportOptions } from './import-file.ts'

/** As `importFile` of `import-file.ts`. */
export async function importFile(
  source: ByteSource,
  blocks: Blocks,
  options: ImportOptions,
): Promise<ImportedFile> {
  const importer = await loadImporter()
  return importer.importFile(source, blocks, options)
}

/** As `importDirectory` of `import-directory.ts`. */
export async function importDirectory(
  entries: AsyncIterable<DirectorySource> | Iterable<DirectorySource>,
  blocks: Blocks,
  options: ImportOptions,
): Promise<Result<ImportedDirectory, FileError>> {
  const importer = await loadImporter()
  return importer.importDirectory(entries, blocks, options)
}
