import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { makeCertificate, type TestCertificate } from '../../../test/certificates.ts'
import { type Certificate, isFor, readCertificate } from './certificate.ts'
import { readCertificateFiles } from './files.ts'
import { keepCertificateFiles, lookMs } from './keeper.ts'

const dayMs = 24 * 60 * 60 * 1000

function folder({ cert, key }: TestCertificate) {
  const path = mkdtempSync(join(tmpdir(), 'effigy-tls-'))
  const files = { cert: join(path, 'cert.pem'), key: join(path, 'key.pem') }
  function put(pair: Partial<TestCertificate>): void {
    for (const name of ['cert', 'key'] as const) {
      const text = pair[name]
      if (text === undefined) continue
      writeFileSync(`${files[name]}.new`, text, { mode: 0o600 })
      renameSync(`${files[name]}.new`, files[name])
    }
  }
  put({ cert, key })
  return { path, files, put, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

describe('a certificate and its key', () => {
  test('that belong together, and count now', () => {
    const { cert, key } = makeCertificate({ name: 'hub.example' })
    const read = readCertificate(cert, key, Date.now())
    expect(read.ok).toBe(true)
    expect([isFor({ cert }, 'hub.example'), isFor({ cert }, 'other.example')]).toEqual([true, false])
  })

  const mine = makeCertificate()
  const other = makeCertificate()
  test.for([
    ['tls-no-certificate', '', mine.key],
    ['tls-no-certificate', mine.key, mine.key],
    ['tls-no-certificate', `${mine.cert.slice(0, 200)}\n-----END CERTIFICATE-----`, mine.key],
    ['tls-no-key', mine.cert, ''],
    ['tls-no-key', mine.cert, mine.cert],
    ['tls-other-key', mine.cert, other.key],
  ] as const)('[T22] %s', ([code, cert, key]) => {
    const read = readCertificate(cert, key, Date.now())
    expect(read).toMatchObject({ ok: false, error: { code } })
    expect(JSON.stringify(read)).not.toContain(mine.key.split('\n')[1])
  })

  test('over; not begun is for others to judge, our clock may be wrong', () => {
    const now = Date.now()
    const { cert, key } = makeCertificate({ from: now - dayMs, to: now + dayMs })
    const codeAt = (ms: number) => {
      const read = readCertificate(cert, key, ms)
      return read.ok ? 'ok' : read.error.code
    }
    expect([codeAt(now), codeAt(now + 2 * dayMs), codeAt(now - 2 * dayMs)]).toEqual([
      'ok',
      'tls-expired',
      'ok',
    ])
  })
})

describe('files', () => {
  test('missing, exposed, unreadable: each says what to do', () => {
    using made = folder(makeCertificate())
    const { files } = made
    const now = Date.now()
    expect(readCertificateFiles(files, now).endsMs).toBeGreaterThan(now)
    expect(() => readCertificateFiles({ ...files, key: `${made.path}/no.pem` }, now)).toThrow(
      /there is no file .*no\.pem; look at tlsKey/,
    )
    expect(() => readCertificateFiles({ ...files, cert: made.path }, now)).toThrow(/cannot be read/)
    chmodSync(files.key, 0o644)
    expect(() => readCertificateFiles(files, now)).toThrow(/everybody on this machine .* chmod 640/)
    chmodSync(files.key, 0o640)
    expect(readCertificateFiles(files, now).endsMs).toBeGreaterThan(now)
    writeFileSync(files.cert, 'x'.repeat(300_000))
    expect(() => readCertificateFiles(files, now)).toThrow(/too large/)
    if (process.getuid?.() === 0) return // Nothing is unreadable to root.
    chmodSync(files.key, 0o000)
    expect(() => readCertificateFiles(files, now)).toThrow(/cannot be read by the user/)
  })
})

describe('kept', () => {
  function keep(files: { readonly cert: string; readonly key: string }) {
    const clock = createFakeClock(Date.now())
    const used: Certificate[] = []
    const lines: string[] = []
    const log: Log = {
      info: (event) => void lines.push(event),
      warn: (event, { code }) => void lines.push(code === undefined ? event : `${event} ${code}`),
    }
    const keeper = keepCertificateFiles({
      ...{ files, clock, log, name: 'hub.example' },
      use: (certificate) => used.push(certificate),
    })
    return { clock, used, lines, keeper }
  }

  test('a new one is used within half a minute, or when asked', async () => {
    const [first, second, third] = [1, 2, 3].map(() => makeCertificate({ name: 'hub.example' }))
    using made = folder(first!)
    const { clock, used, keeper, lines } = keep(made.files)
    made.put(second!)
    await clock.advance(lookMs)
    made.put(third!)
    keeper.reload()
    expect(used.map(({ cert }) => cert)).toEqual([first, second, third].map((made) => made?.cert))
    expect(lines).toEqual(['tls.certificate', 'tls.certificate', 'tls.certificate'])
    keeper[Symbol.dispose]()
    expect(clock.pending()).toBe(0)
  })

  test('half replaced: the one before goes on, and the whole one is taken', async () => {
    const [first, second] = [1, 2].map(() => makeCertificate({ name: 'hub.example' }))
    using made = folder(first!)
    const { clock, used, keeper, lines } = keep(made.files)
    made.put({ cert: second!.cert })
    await clock.advance(lookMs)
    expect([keeper.current?.cert, lines.at(-1)]).toEqual([first?.cert, 'tls.not-used tls-other-key'])
    made.put({ key: second!.key })
    await clock.advance(lookMs)
    expect([keeper.current?.cert, used.length]).toEqual([second?.cert, 2])
  })

  test('a wrong one at the start is thrown, a name of its own told, an end that is near told daily', async () => {
    using made = folder(makeCertificate({ to: Date.now() + 8 * dayMs }))
    const { clock, lines } = keep(made.files)
    expect(lines).toEqual(['tls.certificate', 'tls.other-name'])
    await clock.advance(3.5 * dayMs)
    expect(lines.filter((line) => line === 'tls.ends-soon')).toHaveLength(3)
    made.put({ cert: 'nothing' })
    expect(() => keep(made.files)).toThrow(/no certificate in PEM/)
  })
})
