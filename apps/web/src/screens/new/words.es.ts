import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Escribe algo',
  posted: 'Publicado. Llega solo a tus amigos.',
  drafts: 'Lo que empezaste',
  draftTo: 'Para <who/>',
  draftNew: 'Una nota',
  draftReply: 'Una respuesta',
  draftTalk: 'Un mensaje',
  goOn: 'Seguir escribiendo',
  discard: 'Descartar',
}
