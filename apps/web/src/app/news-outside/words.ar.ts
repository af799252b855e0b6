import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'Effigy',
  notices_zero: 'لا جديد لك',
  notices_one: 'شيء جديد واحد لك',
  notices_two: 'شيئان جديدان لك',
  notices_few: '{{count}} أشياء جديدة لك',
  notices_many: '{{count}} شيئًا جديدًا لك',
  notices_other: '{{count}} شيء جديد لك',
  messages_zero: 'لا رسائل جديدة',
  messages_one: 'رسالة جديدة واحدة',
  messages_two: 'رسالتان جديدتان',
  messages_few: '{{count}} رسائل جديدة',
  messages_many: '{{count}} رسالة جديدة',
  messages_other: '{{count}} رسالة جديدة',
  requests_zero: 'لا أحد يطلب أن يكتب إليك',
  requests_one: 'شخص واحد يطلب أن يكتب إليك',
  requests_two: 'شخصان يطلبان أن يكتبا إليك',
  requests_few: '{{count}} أشخاص يطلبون أن يكتبوا إليك',
  requests_many: '{{count}} شخصًا يطلبون أن يكتبوا إليك',
  requests_other: '{{count}} شخص يطلبون أن يكتبوا إليك',
}
