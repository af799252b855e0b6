import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/settings', {
  title: 'Settings',
  intro: 'They hold for this device alone.',
  language: 'Language',
  look: 'Look',
  theme: 'Colours',
  themeAuto: 'Automatic',
  themeLight: 'Light',
  themeDark: 'Dark',
  textSize: 'Size of text',
  news: 'News',
  newsOutside: 'Tell me what is new',
  newsOutsideHelp:
    'Your device shows that something is new while the app is open in the background. It never shows what was said.',
  newsRefused:
    'You said no to this in your browser. Allow notifications for this page there, then come back.',
  newsImpossible: 'This browser cannot do that. Installing the app on your device may help.',
  writing: 'Writing',
  altReminder: 'Remind me when a picture has no description',
  altReminderHelp: 'Who cannot see pictures is glad of them.',
})
