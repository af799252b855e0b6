import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Comprobar que es {{name}}',
  loading: 'Un momento…',
  somebody: 'Alguien',
  why: 'Cualquiera puede usar cualquier nombre y foto. Cuando lo hayáis comparado, sabrás que no hay nadie en medio, y se te avisará si algo cambia.',
  ways: 'Cómo comparar',
  show: 'Mi código',
  scan: 'Escanear',
  number: 'Número',
  showText: 'Deja que {{name}} escanee esto, en su página sobre ti, en «Escanear».',
  qrLabel: 'Código QR para que lo escanee {{name}}',
  scanText: 'Pon la cámara sobre el código que te muestra {{name}}, en su página sobre ti.',
  numberText:
    'Leed el número el uno al otro, o comparad las imágenes: cara a cara, o en una llamada en la que reconozcas la voz. {{name}} encuentra lo mismo en su página sobre ti.',
  numberLabel: 'El número que hay que comparar',
  picturesLabel: 'Lo mismo en imágenes',
  same: 'Son iguales',
  different: 'Son distintos',
  differentTitle: 'No te fíes todavía',
  differentText:
    'O uno de los dos mira la página de otra persona, o hay alguien en medio. Abrid de nuevo vuestras páginas con un código que os mostréis y comparad otra vez. Hasta entonces, no digas aquí nada que otros no deban saber.',
  doneTitle: 'Comprobaste que es {{name}}',
  done: 'Desde ahora hay un escudo junto a su nombre en todos tus dispositivos. Desaparece si su cuenta se muda, y se te avisa.',
  ready: 'Listo',
  takeBack: 'Retirarlo',
  notYetTitle: 'Todavía no es posible',
  notYet: 'Aún falta aquí algo de su cuenta. Sigue conectado un momento.',
  foreign: 'Este no es un código para comparar. {{name}} lo encuentra en su página sobre ti.',
  damaged: 'Falta una parte del código. Acerca la cámara o cópialo entero.',
  version: 'Este código es de una versión más nueva de la aplicación. Actualiza la tuya primero.',
  deviceCode: 'Este código une un dispositivo a una cuenta. Nunca uses uno que te haya enviado alguien.',
  own: 'Este es tu propio código. Es para la cámara de {{name}}.',
  notThem: 'Este código es de otra persona, no de la de esta página. No te fíes todavía.',
  moved:
    'Su cuenta aquí no es la misma que en su pantalla. Conectaos los dos y probad otra vez; si sigue así, alguien finge.',
  otherYou: 'Tiene abierta la página de otra persona, o alguien finge ser tú allí. No te fíes todavía.',
  changedTitle: 'Esto acaba de cambiar',
  changed:
    'Mientras comparabas llegó algo nuevo de {{name}}. Lo comparado hasta ahora no cuenta: empieza de nuevo.',
  compareAgain: 'Comparar de nuevo',
}
