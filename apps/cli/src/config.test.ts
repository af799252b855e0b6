/** Settings: default < file < variable, strict, and the secret among them. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { configPath, parseConfigFile, readConfig, readConfigFile, saveConfigFile } from './config.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'effigy-config-'))
})
afterEach(() => rmSync(home, { recursive: true }))

test('a variable counts above the file, the file above the default', () => {
  saveConfigFile(home, {
    hubs: [],
    values: new Map([
      ['limit', '7'],
      ['timeout', '9'],
    ]),
  })
  const { settings, origins } = readConfig(home, { EFFIGY_LIMIT: '8', EFFIGY_COLOR: '' })
  expect(settings).toEqual({ color: 'auto', limit: 8, timeout: 9, networkKey: null })
  expect(origins).toEqual({
    color: 'default',
    limit: 'EFFIGY_LIMIT',
    timeout: configPath(home),
    networkKey: 'default',
  })
})

test('a wrong variable is named', () => {
  expect(() => readConfig(home, { EFFIGY_LIMIT: 'many' })).toThrow('EFFIGY_LIMIT')
})

test.for([
  ['{', 'it is not JSON'],
  ['[]', 'it is not one JSON object'],
  ['{"limt":1}', 'there is no setting called "limt"'],
  ['{"limit":0}', 'limit must be a whole number from 1 to 500'],
  ['{"hubs":["nowhere"]}', '"hubs" holds something that is not the address of a hub'],
  ['{"hubs":{}}', '"hubs" is not a list'],
] as const)('the file %s is refused', ([text, error]) => {
  expect(parseConfigFile(text)).toEqual({ ok: false, error })
})

test('reading never throws, whatever is in the file', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseConfigFile(text)))
})

test('[T22] the file, which may hold the key of the network, is for its owner alone', () => {
  saveConfigFile(home, { hubs: [{ address: 'ws://a/effigy/1', identity: null }], values: new Map() })
  expect(statSync(configPath(home)).mode & 0o777).toBe(0o600)
  expect(readConfigFile(home).hubs).toEqual([{ address: 'ws://a/effigy/1', identity: null }])
})
