import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Bloqueado',
  lead: 'Tus datos en este navegador se abren con tu contraseña.',
  leadPasskey: 'Tus datos en este navegador se abren con tu llave de acceso.',
  withPasskey: 'Usar mi llave de acceso',
  lost: 'Ya no puedo abrirlo',
  anewTitle: '¿Empezar de nuevo en este navegador?',
  anewText:
    'Todo lo tuyo se va de este navegador. Con tus palabras u otro dispositivo tuyo recuperas tu cuenta, también aquí. Sin eso nadie, ni siquiera con una copia de seguridad.',
  anew: 'Quitar y empezar de nuevo',
  anewWord: 'quitar',
  passphrase: 'Contraseña',
  wrong: 'No es esa. Fíjate en las mayúsculas y los espacios.',
  unlock: 'Desbloquear',
}
