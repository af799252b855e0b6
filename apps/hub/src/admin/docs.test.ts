import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { adminDocs } from './docs.ts'
import { operations } from './operations.ts'

test('docs/hub/admin.md is up to date (`vitest -u` writes it)', async () => {
  const path = fileURLToPath(new URL('../../../../docs/hub/admin.md', import.meta.url))
  await expect(adminDocs(operations)).toMatchFileSnapshot(path)
})
