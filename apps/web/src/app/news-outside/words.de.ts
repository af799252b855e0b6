import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Effigy',
  notices_one: '{{count}} Neuigkeit für dich',
  notices_other: '{{count}} Neuigkeiten für dich',
  messages_one: '{{count}} neue Nachricht',
  messages_other: '{{count}} neue Nachrichten',
  requests_one: '{{count}} Person möchte dir schreiben',
  requests_other: '{{count}} Personen möchten dir schreiben',
}
