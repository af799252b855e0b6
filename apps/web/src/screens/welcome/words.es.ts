import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Te damos la bienvenida a Effigy',
  lead: 'Tus palabras y fotos se quedan en tus propios dispositivos. Las compartes con tus amigos y nadie por el camino puede cambiarlas.',
  invited: '{{name}} te invita',
  invitedLead: 'Di quién eres y ya estás dentro. Verás lo que escribe {{name}}.',
  invitedHub: 'Tienes una invitación a {{name}}',
  invitedHubLead:
    'Di quién eres y ya estás dentro. {{name}} guarda lo que escribes para que tus amigos lo reciban mientras tus dispositivos están apagados.',
  invalid: 'La invitación que te ha traído no sirve. Puedes empezar sin ella.',
  name: 'Tu nombre',
  nameHelp: 'Como te conocen tus amigos. Puedes cambiarlo cuando quieras.',
  namePlaceholder: 'Por ejemplo, Ada',
  picture: 'Añadir una foto',
  pictureChange: 'Elegir otra foto',
  lock: 'Bloquear este navegador con una frase de paso',
  passphrase: 'Frase de paso',
  passphraseHelp:
    'Al menos 8 caracteres. Se pide cada vez que abres la app aquí. Nadie puede decírtela si la olvidas.',
  start: 'Empezar',
  starting: 'Preparando tu sitio…',
  before: 'Ya estuve aquí',
  noMail: 'Sin correo, sin teléfono, sin contraseña.',
  noHub:
    'Aún no estás en ningún hub: lo que escribas se queda en este dispositivo hasta que alguien te invite.',
  hub: 'Empiezas en el hub {{name}}.',
  terms: 'Lo que te pide: {{terms}}',
}
