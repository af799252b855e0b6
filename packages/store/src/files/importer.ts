/**
 * Making files and directories: what needs the libraries that write UnixFS.
 *
 * @module
 */
export { importDirectory } from './import-directory.ts'
export { importFile } from './import-file.ts'
