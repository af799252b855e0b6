import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Inicio',
  write: 'Escribe algo',
  emptyTitle: 'Tu primera hora',
  emptyTagTitle: 'Nada todavía',
  empty: 'Nadie a quien sigues ha escrito todavía. Saluda o invita a alguien.',
  emptyTag: 'Nadie ha escrito aquí todavía sobre esto.',
  invite: 'Invitar a alguien',
  findPeople: 'Buscar personas',
  useInvite: 'Usar una invitación',
  inviteLabel: 'La invitación, tal como la recibiste',
  useIt: 'Usarla',
  noInvite: 'Esto no es una invitación. Pega el enlace entero, tal como lo recibiste.',
  closeSteps: 'Cerrar estos pasos',
  firstSteps: 'Aún no sigues a nadie. Lo que escriban aparecerá aquí. Cuatro formas de empezar:',
  whose: 'De quién',
  friends: 'Amigos',
  hops: 'También los suyos',
  replies: 'Mostrar respuestas',
  filters: 'Qué se muestra',
  allTags: 'Todo',
  readTo: 'Ya has leído lo que sigue',
  hopsTitle: 'Amigos de tus amigos',
  hopsText:
    'Este dispositivo guardará también lo más reciente de hasta 200 personas a quienes siguen tus amigos, sin sus fotos. No se les avisa.',
  hopsOn: 'Traerlos',
  hopsOff: 'Dejar de guardarlos',
}
