/** The page of an invite (W2): what the server sends, and what the script makes of a fragment. */
import { hash } from 'node:crypto'
import { type Identity, type InviteClaim, identityOfKey, signInvite, writeInviteCode } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { testSigner } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { page } from '../http/answer.ts'
import { linked } from './about.ts'
import { invitePage, inviteScriptHash } from './invite-page.ts'
import { explainInvite, type InviteElement } from './invite-script.ts'
import { languages } from './strings.ts'

const { sha256 } = createNodeCrypto()
const alice = await testSigner('alice')
const hub = identityOfKey((await testSigner('hub')).publicKey)
const contents = { name: 'A <hub>', identity: hub, appUrl: null, contact: null, terms: null } as const

async function codeOf(change: Partial<InviteClaim> = {}): Promise<string> {
  const claim: InviteClaim = {
    ...{ from: identityOfKey(alice.publicKey), name: '<img src=x>', account: null, hub, count: 1 },
    ...{ url: 'wss://hub.example/effigy/1', token: new Uint8Array(16).fill(9), until: Date.now() + 60_000 },
    ...change,
  }
  return writeInviteCode(await signInvite(claim, alice), sha256)
}

/** Every element that is asked for is there; hidden until it is shown. */
async function shown(fragment: string, { isSecure = true, app = '' } = {}) {
  const elements = new Map<string, InviteElement & { attributes: Map<string, string> }>()
  const byId = (id: string) => {
    const attributes = new Map<string, string>()
    const made = {
      ...{ hidden: true, textContent: '', attributes },
      dataset: id === 'page' ? { hub } : { app },
      setAttribute: (name: string, value: string) => void attributes.set(name, value),
      addEventListener() {},
    }
    const element = elements.get(id) ?? made
    elements.set(id, element)
    return element
  }
  const href = `https://hub.example/i/#${fragment}`
  await explainInvite({
    location: { href, hash: fragment === '' ? '' : `#${fragment}` },
    isSecureContext: isSecure,
    document: { documentElement: { lang: 'en' }, getElementById: byId },
    navigator: {},
    crypto: isSecure ? { subtle: crypto.subtle } : {},
    addEventListener() {},
  })
  return {
    visible: [...elements]
      .filter(([, { hidden }]) => !hidden)
      .map(([id]) => id)
      .toSorted(),
    text: (id: string) => elements.get(id)?.textContent,
    open: elements.get('open')?.attributes.get('href'),
  }
}

describe('the page', () => {
  test.for(languages)(
    '[W2] [T9] runs the one script that stands in it, and no other page does (%s)',
    (language) => {
      const { markup } = invitePage({ language, ...contents })
      const scripts = [...markup.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script ?? '')
      expect(scripts.map((script) => `sha256-${hash('sha256', script, 'base64')}`)).toEqual([
        inviteScriptHash,
      ])
      expect(markup).not.toMatch(/ on[a-z]+=| style=|innerHTML/)
      expect(markup).toContain('A &lt;hub&gt;')
      expect(markup).toContain('<noscript>')
      const { headers } = page(200, language, invitePage({ language, ...contents }), inviteScriptHash)
      expect(headers?.['Content-Security-Policy']).toContain(`script-src '${inviteScriptHash}'`)
      expect(headers?.['Content-Security-Policy']).toContain("default-src 'none'")
      expect(page(200, language, invitePage({ language, ...contents })).headers).not.toHaveProperty(
        'Content-Security-Policy',
      )
    },
  )

  test('offers the app only where there is one', () => {
    const language = 'en'
    expect(invitePage({ language, ...contents }).markup).not.toContain('id="open"')
    const { markup } = invitePage({ language, ...contents, appUrl: 'https://app.example/"x' })
    expect(markup).toContain('data-app="https://app.example/&quot;x"')
    // The command line comes last, folded, and in view where there is nothing else.
    expect(markup.indexOf('id="command"')).toBeGreaterThan(markup.indexOf('id="link"'))
    expect(markup).toContain('<details><summary>')
    expect(invitePage({ language, ...contents }).markup).toContain('<details open><summary>')
  })

  test('[T9] leads to addresses of pages alone', () => {
    expect(linked('https://hub.example/terms')).toMatchObject({ markup: expect.stringContaining('<a href') })
    for (const text of ['Be kind.', 'javascript:alert(1)', 'https://a b', 'https://'])
      expect(linked(text)).toBe(text)
  })
})

describe('the script', () => {
  test('[W2] says who invites, as text, and how to go on', async () => {
    const code = await codeOf()
    const { visible, text, open } = await shown(code, { app: 'https://app.example/' })
    expect(visible).toEqual(['checked', 'go-on', 'named', 'until', 'who'])
    expect(text('name')).toBe('<img src=x>')
    expect(text('link')).toBe(`https://hub.example/i/#${code}`)
    expect(text('command')).toBe(`effigy hub join 'https://hub.example/i/#${code}'`)
    expect(open).toBe(`https://app.example/#${code}`)
  })

  test('[L5] reads accounts, long times and names as the library does', async () => {
    const root = 'xXKIQOnQXBRc1Rz6p83_9L6zLGN8lD4vli8a0RMrx7g' as never
    const account = { synod: hub, root }
    const many = { count: 1_000_000_007, until: 2 ** 53 - 1, name: 'Zoë ☃ 🎉', account }
    expect((await shown(await codeOf(many))).visible).toEqual(['checked', 'go-on', 'named', 'who'])
  })

  test('where a browser has no keys it says that Effigy will check', async () => {
    const { visible } = await shown(await codeOf(), { isSecure: false })
    expect(visible).toEqual(['go-on', 'insecure', 'named', 'unchecked', 'until', 'who'])
  })

  test('[W4] each wrong one has words of its own, and no way on', async () => {
    const code = await codeOf()
    const invite = await signInvite(
      {
        ...{ from: identityOfKey(alice.publicKey), name: 'Mallory', account: null, hub, count: 1, until: 1 },
        ...{ url: 'wss://x', token: new Uint8Array(16) },
      },
      alice,
    )
    const other = identityOfKey(alice.publicKey) as Identity
    const cases: readonly (readonly [string, string])[] = [
      ['', 'missing'],
      ['effigy-link-1-abc', 'link-code'],
      [code.slice(0, -1), 'broken'],
      ['<script>', 'broken'],
      [`${code}A`, 'broken'],
      [await codeOf({ hub: other }), 'foreign'],
      [writeInviteCode({ ...invite, name: 'Alice' }, sha256), 'forged'],
    ]
    for (const [fragment, word] of cases) expect((await shown(fragment)).visible).toEqual([word])
    expect((await shown(await codeOf({ until: 1 }))).visible).toContain('expired')
  })

  test('never throws, whatever stands there', async () => {
    const code = await codeOf()
    for (let length = 0; length < code.length; length += 7) await shown(code.slice(0, length))
    for (const text of [
      '%',
      'effigy-invite-1-',
      `effigy-invite-1-${'A'.repeat(2000)}`,
      'effigy-invite-1-_____-',
    ]) {
      await shown(text)
      await shown(text, { isSecure: false })
    }
  })
})
