import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  wordsTitle: 'Apunta tus palabras secretas',
  wordsText: 'Si pierdes tus dispositivos, ellas te devuelven la cuenta. Bastan dos minutos y un papel.',
  wordsNow: 'Mostrar mis palabras',
  later: 'Más tarde',
  partTitle: '«{{name}}» necesita tu ayuda para volver',
  partText:
    'Guardas una parte de las palabras de una amistad. Llama antes de darla: se da en Mi cuenta, después de comparar seis palabras.',
  partGo: 'Ir a Mi cuenta',
  givenTitle: '{{name}} te ha dado una parte de sus palabras secretas',
  givenText:
    'Guárdala: ya está en este dispositivo. Si un día pierde los suyos, te la pedirá. Solo con ella nadie entra en su cuenta.',
  joinedTitle: 'Se añadió un dispositivo a tu cuenta: {{label}}',
  joinedText: '¿Fuiste tú? Si no, alguien puede escribir en tu nombre: mira en Dispositivos y quítalo.',
  movedTitle: 'Alguien llevó tu cuenta a otro dispositivo con sus palabras',
  movedText:
    '¿Fuiste tú? Si no, alguien conoce tus palabras: mira en Dispositivos y recupera tu cuenta en Mi cuenta.',
  disputedTitle: 'Dos dispositivos deciden a la vez sobre tu cuenta',
  disputedText:
    'Quizá hayas escrito tus palabras en dos dispositivos, o alguien las tenga, o una copia de tu dispositivo principal. Recupera tu cuenta con palabras nuevas en Mi cuenta y no quites nada de este navegador antes.',
  seeDevices: 'Ver Dispositivos',
  wasMe: 'Fui yo',
  seen: 'Cerrar',
  heldTitle: 'Escribir espera un momento',
  heldText: 'Este dispositivo estuvo fuera. Primero se asegura de que no le falta nada tuyo.',
  versionsTitle: 'Se conocen dos versiones de lo que escribiste',
  versionsText: 'Aquí no se escribe nada más hasta que digas si ambas eran tuyas.',
}
