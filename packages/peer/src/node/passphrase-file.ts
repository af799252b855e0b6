/**
 * A passphrase in a file: its first line.
 *
 *     FILE ─first line, UTF-8, without its end▶ passphrase
 *
 * @module
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { EffigyError, parseUtf8 } from '@effigy/core'
import { maxPassphraseBytes } from '@effigy/crypto'

/** With the line's end; a longer one is cut, and so is no passphrase of ours. */
export const maxPassphraseLineBytes: number = maxPassphraseBytes + 2

const newline = 0x0a
const carriageReturn = 0x0d

/** Throws `EffigyError` 'passphrase-file' when it cannot be read, or has no line of text. */
export function readPassphraseFile(path: string): string {
  const bytes = new Uint8Array(maxPassphraseLineBytes)
  let length = 0
  try {
    const file = openSync(path, 'r')
    try {
      // A pipe gives what it has, so it is asked again until a line is there.
      for (let read = -1; read !== 0 && length < bytes.length && !bytes.includes(newline); length += read) {
        read = readSync(file, bytes, length, bytes.length - length, null)
      }
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw new EffigyError('passphrase-file', `${path} cannot be read.`, { cause })
  }
  return passphraseOfLine(bytes.subarray(0, length), path)
}

/** The first line of `bytes`. Throws `EffigyError` 'passphrase-file'; `source`: what the message names. */
export function passphraseOfLine(bytes: Uint8Array, source: string): string {
  const end = bytes.indexOf(newline)
  const line = end < 0 ? bytes : bytes.subarray(0, end)
  const text = parseUtf8(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line)
  if (text === null || text === '') {
    const message = `${source} has no passphrase: its first line is ${text === null ? 'no UTF-8' : 'empty'}.`
    throw new EffigyError('passphrase-file', message)
  }
  return text
}
