/** Links of other programs lead to a person, a note or an invite: nowhere else in the app. */
import { expect, test } from 'vitest'
import { parseOpenLink, placeOf } from './open-link.ts'

const who = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'
const what = 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4'

test('a person, a note, an invite', () => {
  expect(parseOpenLink(`web+effigy:p/${who}`)).toEqual({ type: 'path', path: `/p/${who}` })
  expect(parseOpenLink(`web+effigy://n/${who}/${what}`)).toEqual({ type: 'path', path: `/n/${who}/${what}` })
  expect(parseOpenLink('web+effigy:effigy-invite-1-abc')).toEqual({
    type: 'invite',
    code: 'effigy-invite-1-abc',
  })
})

test.for([
  '',
  'web+effigy:',
  'web+effigy:settings',
  `web+effigy:p/${who}/more`,
  `web+effigy:n/${who}`,
  `web+effigy:n/${who}/../../settings`,
  `https://example.org/p/${who}`,
  'web+effigy:effigy-link-1-abc',
  'web+effigy:p/javascript:alert(1)',
])('%j leads nowhere', (text) => expect(parseOpenLink(text)).toBeNull())

test('behind the # and, of older installations, behind the ?', () => {
  const link = new URLSearchParams({ link: `web+effigy:p/${who}` })
  expect(placeOf(`#${link}`, '')).toBe(`/p/${who}`)
  expect(placeOf('', `?${link}`)).toBe(`/p/${who}`)
  expect(placeOf(`#link=${encodeURIComponent('web+effigy:effigy-invite-1-abc')}`, '')).toBe(
    '/#effigy-invite-1-abc',
  )
  expect(placeOf('#link=web%2Beffigy%3Asettings', `?${link}`)).toBeNull()
  expect(placeOf('', '')).toBeNull()
})
