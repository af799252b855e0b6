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
  quotaLeft: 'The browser allows up to {{size}}, of which {{left}} is free.',
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
  thin: 'Keep only the newest',
  thinTitle: 'Keep only the newest pictures and files of {{name}}?',
  thinText_one:
    'Those of {{count}} older note leave this device. That frees about {{size}}. Those of the {{newest}} newest stay, and so do all words, messages, and albums that you keep on this device. Older ones come again when you look at them, if somebody who has them can be reached.',
  thinText_other:
    'Those of {{count}} older notes leave this device. That frees about {{size}}. Those of the {{newest}} newest stay, and so do all words, messages, and albums that you keep on this device. Older ones come again when you look at them, if somebody who has them can be reached.',
  thinNone:
    'There is nothing older to free: what is here belongs to the {{newest}} newest notes, is kept on purpose, or is needed for something else.',
  thinned: 'About {{size}} is free again.',
  letGo: 'Older pictures and files come when you look at them.',
  back: 'Fetch all again',
  fetching: 'Older pictures and files are fetched again, as soon as somebody who has them can be reached.',
  freeSpare: 'Free what is kept for later',
  freed: '{{size}} is free again.',
})
