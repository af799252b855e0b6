import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Una nota de {{name}}',
  somebody: 'Alguien',
  loading: 'Trayendo la nota…',
  goneTitle: 'Esta nota no se puede leer aquí',
  gone: 'La retiraron, es solo para algunas personas, o este hub no la tiene.',
  again: 'Intentar de nuevo',
  checked: 'La firma de quien la escribió se comprobó en tu navegador.',
  showAll: 'Mostrarla de todos modos',
  album: 'Un álbum: {{name}}',
  files_one: '{{count}} archivo',
  files_many: '{{count}} de archivos',
  files_other: '{{count}} archivos',
  film: 'Una película, un sonido o un documento. Lo ves con una cuenta.',
  picture: 'Una foto',
  showPicture: 'Mostrar la foto',
  strangerPicture: 'De alguien a quien no sigues',
  pictureMissing: 'Esta foto no está aquí.',
  answers_one: '{{count}} respuesta',
  answers_many: '{{count}} de respuestas',
  answers_other: '{{count}} respuestas',
  joinTitle: 'Responde algo',
  join: 'Effigy es un lugar para la gente y sus amigos: sin publicidad, sin empresa de por medio. Basta con un nombre.',
  begin: 'Empezar',
  author: 'Ver quién lo escribió',
}
