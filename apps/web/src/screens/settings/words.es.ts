import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Ajustes',
  intro: 'Valen solo para este dispositivo.',
  language: 'Idioma',
  look: 'Aspecto',
  theme: 'Colores',
  themeAuto: 'Automático',
  themeLight: 'Claro',
  themeDark: 'Oscuro',
  textSize: 'Tamaño del texto',
  news: 'Novedades',
  newsOutside: 'Avísame cuando haya algo nuevo',
  newsOutsideHelp:
    'Tu dispositivo avisa de que hay algo nuevo mientras la aplicación está abierta en segundo plano. Nunca muestra lo que se dijo.',
  newsRefused:
    'Dijiste que no a esto en tu navegador. Permite allí las notificaciones de esta página y vuelve.',
  newsImpossible: 'Este navegador no puede hacerlo. Quizá ayude instalar la aplicación en tu dispositivo.',
  writing: 'Escribir',
  altReminder: 'Avísame cuando una imagen no tenga descripción',
  altReminderHelp: 'Quien no puede ver las imágenes lo agradece.',
}
