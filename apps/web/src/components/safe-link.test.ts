/** [T9] Links lead to the web, a mail program, or this app: nowhere else. */
import { expect, test } from 'vitest'
import { safeLink } from './safe-link.ts'

test.for([
  ['https://example.org/a?b#c', 'example.org'],
  ['HTTP://EXAMPLE.org', 'example.org'],
  ['mailto:ada@example.org', 'ada@example.org'],
  ['web+effigy:invite', 'invite'],
] as const)('[T9] %s leads to %s', ([address, host]) => {
  expect(safeLink(address)?.host).toBe(host)
})

test.for([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://example.org/1',
  'vbscript:x',
  'file:///etc/passwd',
  'filesystem:https://example.org/x',
  'https://bank.example@evil.example/',
  'about:blank',
  '/relative',
  '//host/path',
  '',
  `https://example.org/${'a'.repeat(3_000)}`,
])('[T9] %j leads nowhere', (address) => {
  expect(safeLink(address)).toBeNull()
})

test('[T9] a host that looks like another one is shown as what it is', () => {
  expect(safeLink('https://аpple.com/')?.host).toBe('xn--pple-43d.com')
})
