import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Almacenamiento',
  intro: 'Lo que guarda este dispositivo para que esté también sin conexión.',
  wholeTitle: '{{size}} en total',
  texts: 'Palabras',
  files: 'Imágenes y archivos en uso',
  spare: 'Imágenes y archivos de reserva',
  spareText: 'La reserva se va sola cuando hace falta sitio.',
  quota: 'El navegador permite hasta {{size}}.',
  persisted: 'El navegador conserva esto hasta que digas otra cosa.',
  notPersisted: 'El navegador puede borrar esto',
  notPersistedText:
    'Si el dispositivo se queda sin sitio, puede quitar lo que hay aquí. Tus hubs y otros dispositivos siguen teniendo lo suyo.',
  persist: 'Pedirle que lo conserve todo',
  persistNo: 'Por ahora el navegador ha dicho que no. Ayuda usar más la aplicación o instalarla.',
  peopleTitle: 'Por persona',
  peopleText: 'Una imagen que compartieron varias personas cuenta para cada una.',
  self: 'Tú',
  detail_one: '{{count}} nota: {{texts}} de palabras, {{files}} de archivos',
  detail_many: '{{count}} de notas: {{texts}} de palabras, {{files}} de archivos',
  detail_other: '{{count}} notas: {{texts}} de palabras, {{files}} de archivos',
  free: 'Liberar',
  freeTitle: '¿Quitar de este dispositivo lo que escribió {{name}}?',
  freeText: 'Libera {{size}}. No sigues a esta persona; si la sigues, vuelve.',
}
