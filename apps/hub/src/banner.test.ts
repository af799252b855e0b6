import type { Identity } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { type BannerSources, banner } from './banner.ts'
import { readConfig } from './config/config.ts'
import type { HubConfig } from './config/options.ts'

const identity = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' as Identity

function bannerWith(changes: Partial<HubConfig>, sources: Partial<BannerSources> = {}): string {
  const read = readConfig({ flags: new Map(), environment: {}, file: null, defaultHome: '/srv/hub' })
  if (!read.ok) throw new Error('the defaults are wrong')
  const origin = `http://${changes.host === '0.0.0.0' ? 'localhost' : '127.0.0.1'}:7337`
  return banner(
    { origin, port: 7337, identity, address: `${changes.publicUrl ?? origin}/effigy/1#${identity}` },
    { ...read.value.config, ...changes },
    {
      version: '9.9.9',
      hasApp: false,
      machineAddresses: ['192.168.1.7'],
      terminal: { columns: 80 },
      inviteLink: 'http://localhost:7337/i/#effigy-invite-1-x',
      adminLink: null,
      ...sources,
    },
  )
}

const isDrawn = (text: string): boolean => text.includes('█')

describe('for this machine alone', () => {
  test('it says how to let others in, and shows no code: no phone could follow it', () => {
    const text = bannerWith({})
    expect(text).toContain('--host 0.0.0.0 lets others in')
    expect(isDrawn(text)).toBe(false)
    expect(text).not.toContain('plain http')
  })
})

describe('for others', () => {
  test('all its addresses, a code for the first, and what a page over plain http lacks', () => {
    const text = bannerWith({ host: '0.0.0.0' })
    expect(text).toContain(`ws://192.168.1.7:7337/effigy/1#${identity}`)
    expect(isDrawn(text)).toBe(true)
    expect(text).toContain('no keys, no storage and\nno worker')
    expect(text).toContain('docs/hub/running.md')
  })

  test('behind TLS nothing is missing', () => {
    expect(bannerWith({ publicUrl: 'https://hub.example' })).not.toContain('plain http')
  })

  test('no code where nobody looks, or where it would be broken', () => {
    expect(isDrawn(bannerWith({ host: '0.0.0.0' }, { terminal: { columns: null } }))).toBe(false)
    expect(isDrawn(bannerWith({ host: '0.0.0.0' }, { terminal: { columns: 20 } }))).toBe(false)
  })
})

test('[T22] the link for its administrator is shown to a terminal, and to no file', () => {
  const adminLink = 'http://127.0.0.1:7337/admin#secret'
  expect(bannerWith({}, { adminLink })).toContain(`Admin     ${adminLink}`)
  expect(bannerWith({}, { adminLink, terminal: { columns: null } })).not.toContain('secret')
})

test('with the app, its address comes first, and the page of the hub has its own', () => {
  const text = bannerWith({ publicUrl: 'https://hub.example' }, { hasApp: true })
  expect(text).toMatch(/App +https:\/\/hub\.example\/\n +Page +https:\/\/hub\.example\/hub\n/)
})
