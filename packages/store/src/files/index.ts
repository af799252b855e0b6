/**
 * Files, directories and archives over blocks (spec B).
 *
 * @module
 */
export * from './blocks.ts'
export * from './car.ts'
export * from './directory.ts'
export * from './file-error.ts'
export * from './file-name.ts'
export type { DirectorySource, ImportedDirectory } from './import-directory.ts'
export type { ByteSource, ImportedFile, ImportOptions } from './import-file.ts'
export { importDirectory, importFile } from './make.ts'
export * from './missing-nodes.ts'
export * from './node.ts'
export * from './read-file.ts'
export * from './walk.ts'
