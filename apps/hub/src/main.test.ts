import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { makeCertificate, type TestCertificate } from '../test/certificates.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** A home that goes with its test. */
function temporaryHome(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'effigy-hub-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

class Program implements AsyncDisposable {
  readonly process: ChildProcess
  stdout = ''
  stderr = ''
  readonly exited: Promise<number | null>

  constructor(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.process = spawn(process.execPath, [main, ...words], {
      env: { PATH: process.env.PATH, HOME: '/nowhere', ...environment },
    })
    this.process.stdout?.on('data', (chunk) => (this.stdout += chunk))
    this.process.stderr?.on('data', (chunk) => (this.stderr += chunk))
    this.exited = once(this.process, 'close').then(([code]) => code)
  }

  /** Resolves when the hub stands, or rejects with what it said instead. */
  async ready(): Promise<{ readonly origin: string; readonly address: string }> {
    let over = false
    void this.exited.then(() => (over = true))
    await expect.poll(() => over || this.stdout.includes('Ctrl-C'), { timeout: 60_000 }).toBe(true)
    const [, page] = /Page +(\S+)\//.exec(this.stdout) ?? []
    const [, address] = /Address +(\S+)/.exec(this.stdout) ?? []
    if (page === undefined || address === undefined) throw new Error(this.stdout + this.stderr)
    return { origin: page, address }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}

describe('the program', { timeout: 180_000 }, () => {
  test('starts, answers, stops with 0, and is the same hub the next time', async () => {
    using home = temporaryHome()
    const addresses: string[] = []
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      await using hub = new Program(['--port', '0', '--home', home.path])
      const { origin, address } = await hub.ready()
      addresses.push(address.split('#')[1] ?? '')
      const page = await fetch(`${origin}/hub`)
      expect([page.status, (await page.text()).includes(addresses[0] ?? '-')]).toEqual([200, true])
      expect((await fetch(`${origin}/healthz`)).status).toBe(200)
      expect(await (await fetch(`${origin}/readyz`)).json()).toMatchObject({ ready: true })
      hub.process.kill(signal)
      expect(await hub.exited).toBe(0)
      // T22: only events on standard error, one JSON object a line, and nobody's whole name.
      const lines = hub.stderr.trim().split('\n')
      expect(lines.map((line) => JSON.parse(line).event)).toContain('hub.stopped')
      expect(hub.stderr).not.toContain('did:key:')
    }
    expect(addresses[0]).toMatch(/^did:key:z6Mk/)
    expect(addresses[1]).toBe(addresses[0])
    expect(statSync(join(home.path, 'vault.json')).mode & 0o777).toBe(0o600)
  })

  test('serves on where nobody reads what it says, and a command ends with 0', async () => {
    using home = temporaryHome()
    await using shown = new Program(['config', 'show', '--home', home.path])
    shown.process.stdout?.destroy()
    expect([await shown.exited, shown.stderr]).toEqual([0, ''])
    await using hub = new Program(['--port', '0', '--home', home.path, '--log-level', 'info'])
    hub.process.stdout?.destroy()
    await expect.poll(() => hub.stderr, { timeout: 60_000 }).toContain('hub.listening')
    const port = /"port":(\d+)/.exec(hub.stderr)?.[1]
    hub.process.stderr?.destroy()
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    // It says that it stops, to nobody.
    hub.process.kill('SIGTERM')
    expect(await hub.exited).toBe(0)
  })

  test('a second one in the same home, or at the same port, says so', async () => {
    using home = temporaryHome()
    using other = temporaryHome()
    await using hub = new Program(['--port', '0', '--home', home.path])
    const { origin } = await hub.ready()
    await using sameHome = new Program(['--port', '0', '--home', home.path, '--log-level', 'off'])
    expect(await sameHome.exited).toBe(3)
    expect(sameHome.stderr).toContain(`Another process is using ${home.path}`)
    const { port } = new URL(origin)
    await using samePort = new Program(['--port', port, '--home', other.path, '--log-level', 'off'])
    expect(await samePort.exited).toBe(4)
    expect(samePort.stderr).toContain(`Port ${port} at 127.0.0.1 is in use`)
    expect((await fetch(`${origin}/readyz`)).status).toBe(200)
  })

  test('a home below a file', async () => {
    using home = temporaryHome()
    const file = join(home.path, 'file')
    writeFileSync(file, '')
    await using hub = new Program(['--home', join(file, 'hub'), '--log-level', 'off'])
    expect(await hub.exited).toBe(3)
    expect(hub.stderr.trim().split('\n')).toHaveLength(1)
    expect(hub.stderr).toContain('is not a folder')
  })

  test('[Z4] a locked one starts with its passphrase alone, and says what is missing otherwise', async () => {
    using home = temporaryHome()
    const folder = join(home.path, 'hub')
    const file = join(home.path, 'passphrase')
    const words = ['--port', '0', '--home', folder, '--log-level', 'off']
    const start = (path: string | null) =>
      new Program(words, path === null ? {} : { EFFIGY_PASSPHRASE_FILE: path })
    writeFileSync(file, 'correct horse battery\n')
    const identities: string[] = []
    for (let run = 0; run < 2; run++) {
      await using hub = start(file)
      identities.push((await hub.ready()).address.split('#')[1] ?? '')
    }
    expect(identities[1]).toBe(identities[0])
    expect(readFileSync(join(folder, 'vault.json'), 'latin1')).toMatch(/^age-encryption/)
    const wrong = join(home.path, 'wrong')
    writeFileSync(wrong, 'another passphrase\n')
    const plain = ['--home', join(home.path, 'plain')]
    await using open = new Program(['--port', '0', ...plain])
    await open.ready()
    for (const [run, text] of [
      [() => start(null), 'EFFIGY_PASSPHRASE_FILE'],
      [() => start(wrong), 'does not open'],
      [() => start(join(home.path, 'nowhere')), 'cannot be read'],
      [() => new Program(plain, { EFFIGY_PASSPHRASE_FILE: file }), 'has none'],
    ] as const) {
      await using refused = run()
      expect.soft(await refused.exited, text).toBe(2)
      expect.soft(refused.stderr).toContain(text)
      expect.soft(refused.stderr).not.toContain('correct horse')
    }
  })

  test('[T22] speaks TLS, reads a new certificate on SIGHUP, stops; neither keys nor addresses in its lines', async () => {
    using home = temporaryHome()
    const files = { cert: join(home.path, 'cert.pem'), key: join(home.path, 'key.pem') }
    const put = ({ cert, key }: TestCertificate): void => {
      writeFileSync(files.cert, cert)
      writeFileSync(files.key, key, { mode: 0o600 })
    }
    const [first, second] = [makeCertificate(), makeCertificate()]
    put(first)
    const tls = ['--tls', 'files', '--tls-cert', files.cert, '--tls-key', files.key, '--http-port', '0']
    await using hub = new Program(['--port', '0', '--home', join(home.path, 'hub'), ...tls])
    const { origin } = await hub.ready()
    expect(origin).toMatch(/^https:/)
    const seen = async (): Promise<string> => {
      const asked = request(`${origin}/healthz`, { rejectUnauthorized: false, agent: false })
      asked.end()
      const [response] = await once(asked, 'response')
      response.resume()
      return response.socket.getPeerX509Certificate().toString()
    }
    expect(await seen()).toBe(first.cert)
    put({ ...first, key: second.key })
    await using checked = new Program(['config', 'check', '--home', join(home.path, 'hub'), ...tls])
    expect([await checked.exited, checked.stderr.includes('belongs to another certificate')]).toEqual([
      2,
      true,
    ])
    hub.process.kill('SIGHUP')
    await expect.poll(() => hub.stderr).toContain('tls.not-used')
    put(second)
    hub.process.kill('SIGHUP')
    await expect.poll(seen).toBe(second.cert)
    hub.process.kill('SIGTERM')
    expect(await hub.exited).toBe(0)
    const events = hub.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event)
    for (const event of ['tls.certificate', 'hub.draining', 'hub.drained']) expect(events).toContain(event)
    const canaries = [first, second].flatMap(({ cert, key }) =>
      [cert, key].map((pem) => pem.split('\n')[1] ?? '-'),
    )
    for (const canary of [...canaries, '127.0.0.1', 'did:key:', home.path]) {
      expect(hub.stderr).not.toContain(canary)
    }
  })

  test('backed up while it runs, restored elsewhere with the same address, and verified', async () => {
    using home = temporaryHome()
    using other = temporaryHome()
    const file = join(other.path, 'hub.age')
    const passphrase = join(other.path, 'passphrase')
    writeFileSync(passphrase, 'correct horse battery\n')
    const run = async (...words: readonly string[]) => {
      await using program = new Program([...words, '--backup-passphrase-file', passphrase])
      const code = await program.exited
      return { code, out: program.stdout, error: program.stderr }
    }
    await using hub = new Program(['--port', '0', '--home', home.path, '--log-level', 'off'])
    const { address } = await hub.ready()
    expect(await run('verify', '--home', home.path)).toMatchObject({
      code: 3,
      error: expect.stringContaining('Another process'),
    })
    expect(await run('backup', file, '--home', home.path)).toMatchObject({ code: 0, error: '' })
    expect(await run('backup', file, '--home', home.path)).toMatchObject({ code: 3 })
    hub.process.kill('SIGTERM')
    await hub.exited
    const copy = join(other.path, 'copy')
    const restored = await run('restore', file, '--home', copy)
    expect(restored).toMatchObject({ code: 0, error: '' })
    expect(restored.out).toContain('Everything is as it should be')
    expect(await run('verify', '--home', copy)).toMatchObject({ code: 0 })
    await using again = new Program(['--port', '0', '--home', copy, '--log-level', 'off'])
    expect((await again.ready()).address.split('#')[1]).toBe(address.split('#')[1])
  })

  test('a damaged store', async () => {
    using home = temporaryHome()
    {
      await using hub = new Program(['--port', '0', '--home', home.path])
      await hub.ready()
      hub.process.kill('SIGTERM')
      await hub.exited
    }
    for (const name of ['main.sqlite', 'blocks.sqlite']) {
      writeFileSync(join(home.path, 'store', name), 'not a database, '.repeat(1000))
    }
    await using hub = new Program(['--port', '0', '--home', home.path, '--log-level', 'off'])
    expect(await hub.exited).toBe(3)
    expect(hub.stderr).toContain('is damaged')
  })

  test('settings: wrong ones end with 2, right ones are shown with their origin', async () => {
    using home = temporaryHome()
    await using wrong = new Program(['--prot', '1'], { EFFIGY_PORT: 'x' })
    expect(await wrong.exited).toBe(2)
    expect(wrong.stderr).toContain('Did you mean --port?')
    expect(wrong.stderr).toContain('EFFIGY_PORT must be a whole number')
    writeFileSync(join(home.path, 'hub.json'), `{"name": "Ours", "networkKey": "${'A'.repeat(43)}"}`)
    await using shown = new Program(['config', 'show', '--origin', '--home', home.path])
    expect(await shown.exited).toBe(0)
    expect(shown.stdout).toMatch(/name +Ours +\S+hub\.json/)
    expect(shown.stdout).toMatch(/port +7337 +default/)
    expect(shown.stdout).toMatch(/networkKey +\(set, not shown\)/)
    await using checked = new Program(['config', 'check', '--home', home.path])
    await using absent = new Program(['config', 'check', '--home', home.path, '--app', home.path])
    expect([await checked.exited, await absent.exited]).toEqual([0, 2])
    expect(absent.stderr).toContain('There is no built web app')
  })
})
