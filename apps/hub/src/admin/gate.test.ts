import { encodeBase64url } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { type AdminHub, keyText, startAdminHub } from '../../test/admin-hub.ts'
import { failureBurst, refusalMs } from './gate.ts'

const wrongKey = encodeBase64url(new Uint8Array(32).fill(8))
const overview = '/admin/overview/show'

const fragmentOf = (link: string | null | undefined): string => link?.split('#')[1] ?? ''
const originOf = ({ hub }: AdminHub): string => `http://127.0.0.1:${hub.port}`

/** The cookie of a new session. */
async function enter(at: AdminHub): Promise<string> {
  const token = fragmentOf(await at.hub.administration?.createLink())
  const { headers } = await at.ask('/admin/session', { key: null, input: { token } })
  return String(headers['set-cookie']).split(';', 1)[0] ?? ''
}

describe('the key', () => {
  test('opens every operation; nothing else does', async () => {
    await using at = await startAdminHub()
    expect((await at.ask(overview)).status).toBe(200)
    for (const key of [wrongKey, '', 'x', `${keyText}x`, keyText.slice(1), keyText.toLowerCase(), null]) {
      expect.soft(await at.ask(overview, { key }), `${key}`).toMatchObject({
        status: 401,
        json: { error: 'unauthorized' },
      })
    }
  })

  test('what is wrong does not show: same answer, not before its time, for key, session and link', async () => {
    await using at = await startAdminHub()
    const wrong = [
      () => at.ask(overview, { key: wrongKey }),
      () => at.ask(overview, { key: null }),
      () =>
        at.ask(overview, {
          key: null,
          headers: { cookie: 'effigy-admin=AAAAAAAAAAAAAAAAAAAAAA', origin: originOf(at) },
        }),
      () => at.ask('/admin/session', { key: null, input: { token: 'AAAAAAAAAAAAAAAAAAAAAA' } }),
      () => at.ask('/admin/session', { key: null, input: {} }),
      () => at.ask('/admin/nothing/there', { key: wrongKey }),
    ]
    const answers = []
    for (const ask of wrong) {
      const since = performance.now()
      const { status, text, headers } = await ask()
      expect(performance.now() - since).toBeGreaterThan(refusalMs - 20)
      answers.push({ status, text, names: Object.keys(headers).filter((name) => name !== 'connection') })
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('[T16] too many wrong ones are told to wait, and keep nobody out who has the key', async () => {
    await using at = await startAdminHub()
    const statuses = await Promise.all(
      Array.from(
        { length: failureBurst + 2 },
        async () => (await at.ask(overview, { key: wrongKey })).status,
      ),
    )
    expect(statuses.filter((status) => status === 401)).toHaveLength(failureBurst)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
    expect((await at.ask(overview)).status).toBe(200)
  })

  test('[T22] neither key nor link stands in a log', async () => {
    await using at = await startAdminHub()
    const { json } = await at.ask('/admin/links/create')
    await at.ask(overview, { key: wrongKey })
    await at.ask('/admin/session', { key: null, input: { token: fragmentOf(json.link) } })
    const logged = JSON.stringify(at.logged)
    for (const secret of [keyText, wrongKey, fragmentOf(json.link)]) expect(logged).not.toContain(secret)
    expect(at.logged.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['admin.done', 'admin.refused', 'admin.session-opened']),
    )
  })
})

describe('over which way', () => {
  test.for([
    [{ 'x-forwarded-for': '9.9.9.9' }, {}, 403],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-for': '9.9.9.9' }, {}, 403],
    [{ 'x-forwarded-for': '9.9.9.9' }, { trustProxy: true }, 403],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-for': '9.9.9.9' }, { trustProxy: true }, 200],
  ] as const)(
    'plain http from elsewhere is refused, the key right or not: %j %j',
    async ([headers, config, status]) => {
      await using at = await startAdminHub(config)
      const answer = await at.ask(overview, { headers })
      expect(answer.status).toBe(status)
      if (status === 200) return
      expect(answer.json).toMatchObject({ error: 'plain-http', message: expect.stringContaining('https') })
      expect((await at.ask(overview, { headers, key: wrongKey })).text).toBe(answer.text)
    },
  )

  test.for([
    ['127.0.0.1:7337', 200],
    ['[::1]:7337', 200],
    ['localhost', 200],
    ['hub.example', 200],
    ['HUB.example:443', 200],
    ['evil.example', 421],
    ['hub.example.evil.example', 421],
    ['localhost.evil.example:80', 421],
    ['hub.example, evil.example', 421],
  ] as const)('a name that somebody pointed here is not ours (DNS rebinding): %j', async ([host, status]) => {
    await using at = await startAdminHub({ publicUrl: 'https://hub.example' })
    expect((await at.ask(overview, { headers: { host } })).status).toBe(status)
  })

  test.for([
    ['https://evil.example', undefined],
    ['null', undefined],
    ['http://127.0.0.1:1', undefined],
    [undefined, 'cross-site'],
    [undefined, 'same-site'],
  ] as const)(
    'a page of somebody else is not answered: Origin %s, Sec-Fetch-Site %s',
    async ([origin, site]) => {
      await using at = await startAdminHub()
      const headers = {
        ...(origin === undefined ? {} : { origin }),
        ...(site === undefined ? {} : { 'sec-fetch-site': site }),
      }
      expect(await at.ask(overview, { headers })).toMatchObject({
        status: 403,
        json: { error: 'wrong-origin' },
      })
      const { status } = await at.ask(overview, { method: 'OPTIONS', headers })
      expect(status).toBe(403)
    },
  )

  test.for(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s does nothing', async (method) => {
    await using at = await startAdminHub()
    const { status, headers } = await at.ask('/admin/drain/begin', { method })
    expect([status, headers.allow]).toEqual([405, 'POST'])
    expect(at.hub.drain.isDraining).toBe(false)
  })

  test('answers are for the asker alone, and kept by nobody', async () => {
    await using at = await startAdminHub()
    const { headers } = await at.ask(overview)
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['cache-control']).toBe('no-store')
  })
})

describe('one-time links', () => {
  test('open a session once', async () => {
    await using at = await startAdminHub()
    const link = await at.hub.administration?.createLink()
    expect(link).toMatch(
      /^http:\/\/localhost:\d+\/admin\/#[\w-]{22}$|^http:\/\/127\.0\.0\.1:\d+\/admin\/#[\w-]{22}$/,
    )
    const token = fragmentOf(link)
    const [first, second] = await Promise.all([
      at.ask('/admin/session', { key: null, input: { token } }),
      at.ask('/admin/session', { key: null, input: { token } }),
    ])
    expect([first.status, second.status].sort()).toEqual([200, 401])
    const cookie = String([first, second].find(({ status }) => status === 200)?.headers['set-cookie'])
    expect(cookie).toMatch(
      /^effigy-admin=[\w-]{22}; Path=\/admin\/; Max-Age=28800; HttpOnly; SameSite=Strict$/,
    )
    expect((await at.ask('/admin/session', { key: null, input: { token } })).status).toBe(401)
  })

  test('over https the cookie is for https alone', async () => {
    await using at = await startAdminHub({ trustProxy: true, publicUrl: 'https://hub.example' })
    const token = fragmentOf(await at.hub.administration?.createLink())
    const headers = {
      host: 'hub.example',
      origin: 'https://hub.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '9.9.9.9',
    }
    const opened = await at.ask('/admin/session', { key: null, input: { token }, headers })
    expect(String(opened.headers['set-cookie'])).toMatch(/; SameSite=Strict; Secure$/)
    const cookie = String(opened.headers['set-cookie']).split(';', 1)[0] ?? ''
    expect((await at.ask(overview, { key: null, headers: { ...headers, cookie } })).status).toBe(200)
  })

  test('a session does what the key does, from our own pages alone, until it is ended', async () => {
    await using at = await startAdminHub()
    const cookie = await enter(at)
    const own = { cookie, origin: originOf(at), 'sec-fetch-site': 'same-origin' }
    const ask = (headers: Record<string, string>, path = overview) => at.ask(path, { key: null, headers })
    expect((await ask(own)).status).toBe(200)
    // Forgery: the browser sends the cookie along, and says who asks, or nothing.
    expect((await ask({ cookie })).status).toBe(401)
    expect((await ask({ cookie, origin: 'https://evil.example' })).status).toBe(403)
    expect((await ask({ ...own, host: 'evil.example', origin: 'http://evil.example' })).status).toBe(421)
    // It makes no other ones, so that it ends with its time.
    expect(await ask(own, '/admin/links/create')).toMatchObject({ status: 409, json: { error: 'refused' } })
    expect((await ask(own, '/admin/session/end')).status).toBe(200)
    expect((await ask(own)).status).toBe(401)
  })

  test('all sessions are ended at once', async () => {
    await using at = await startAdminHub()
    const cookies = [await enter(at), await enter(at)]
    expect((await at.ask('/admin/sessions/end')).json).toEqual({ ended: 2 })
    for (const cookie of cookies) {
      const { status } = await at.ask(overview, { key: null, headers: { cookie, origin: originOf(at) } })
      expect(status).toBe(401)
    }
  })

  test('looking at one uses nothing up, and runs nothing', async () => {
    await using at = await startAdminHub()
    const page = await at.ask('/admin/', { method: 'GET', key: null })
    expect([page.status, page.text.includes('hub admin --link'), page.text.includes('<script')]).toEqual([
      200,
      true,
      false,
    ])
  })
})
