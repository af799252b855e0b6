import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/storage', {
  title: 'Storage',
  intro: 'What this device keeps, so that it is there without a connection.',
  wholeTitle: '{{size}} in all',
  texts: 'Words',
  files: 'Pictures and files in use',
  spare: 'Pictures and files for later',
  spareText: 'What is kept for later goes by itself when room is needed.',
  quota: 'The browser allows up to {{size}}.',
  persisted: 'The browser keeps this until you say otherwise.',
  notPersisted: 'The browser may throw this away',
  notPersistedText:
    'When the device runs out of room, it may remove what is here. Your hubs and other devices still have what they have.',
  persist: 'Ask it to keep everything',
  persistNo: 'The browser said no for now. Using the app more often, or installing it, helps.',
  peopleTitle: 'By person',
  peopleText: 'A picture that several people shared counts for each of them.',
  self: 'You',
  detail_one: '{{count}} note: {{texts}} of words, {{files}} of files',
  detail_other: '{{count}} notes: {{texts}} of words, {{files}} of files',
  free: 'Free',
  freeTitle: 'Remove what {{name}} wrote from this device?',
  freeText: 'It frees {{size}}. You do not follow them; it comes back if you do.',
})
