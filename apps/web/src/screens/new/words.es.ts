import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Escribe algo',
  posted: 'Publicado. Llega solo a tus amigos.',
  postedReaders: 'Publicado. Llega solo a tus lectores.',
  drafts: 'Lo que empezaste',
  draftTo: 'Para <who/>',
  draftNew: 'Una nota',
  draftReply: 'Una respuesta',
  draftTalk: 'Un mensaje',
  goOn: 'Seguir escribiendo',
  discard: 'Descartar',
  discarded: 'Descartado.',
  draftQuote: 'Una nota con cita',
  draftEdit: 'Un cambio en algo que escribiste',
  handedTitle: 'Te han pasado algo',
  handedApp: 'Otra aplicación o página te pasa esto para que escribas sobre ello.',
  handedPage: 'La página <host/> te pasa esto para que escribas sobre ello.',
  handedNothing: 'No se publica nada antes de que lo digas.',
  handedTake: 'Escribir con esto',
}
