/** Which screen a file is for that a system opens with the app: whatever the manifest names goes somewhere. */
import { expect, test } from 'vitest'
import { manifest } from '../../manifest.ts'
import { launchedKind } from './launched.ts'

test.for([
  ['effigy-backup-2026-11-21.age', 'backup'],
  ['effigy-copy-2026-11-21.EFFIGY', 'backup'],
  ['archive-2026.tar.gz', 'archive'],
  ['archive.ZIP', 'archive'],
  ['zip.jpg', 'other'],
  ['age', 'other'],
] as const)('%s is %s', ([name, kind]) => {
  expect(launchedKind({ name })).toBe(kind)
})

test('the manifest names files of each kind', () => {
  const endings = (manifest.file_handlers ?? []).flatMap(({ accept }) => Object.values(accept).flat())
  expect(new Set(endings.map((ending) => launchedKind({ name: `file${ending}` })))).toEqual(
    new Set(['backup', 'archive', 'other']),
  )
})
