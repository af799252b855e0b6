import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Effigy',
  notices_one: '{{count}} novedad para ti',
  notices_many: '{{count}} novedades para ti',
  notices_other: '{{count}} novedades para ti',
  messages_one: '{{count}} mensaje nuevo',
  messages_many: '{{count}} mensajes nuevos',
  messages_other: '{{count}} mensajes nuevos',
  requests_one: '{{count}} persona quiere escribirte',
  requests_many: '{{count}} personas quieren escribirte',
  requests_other: '{{count}} personas quieren escribirte',
}
