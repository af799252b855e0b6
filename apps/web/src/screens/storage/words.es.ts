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
  quotaLeft: 'El navegador permite hasta {{size}}, de los que {{left}} están libres.',
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
  thin: 'Conservar solo lo más nuevo',
  thinTitle: '¿Conservar solo las imágenes y archivos más nuevos de {{name}}?',
  thinText_one:
    'Los de {{count}} nota antigua salen de este dispositivo. Eso libera unos {{size}}. Se quedan los de las {{newest}} más nuevas, y también todas las palabras, los mensajes y los álbumes que guardas en este dispositivo. Los antiguos vuelven cuando los miras, si se puede llegar a alguien que los tenga.',
  thinText_many:
    'Los de {{count}} de notas antiguas salen de este dispositivo. Eso libera unos {{size}}. Se quedan los de las {{newest}} más nuevas, y también todas las palabras, los mensajes y los álbumes que guardas en este dispositivo. Los antiguos vuelven cuando los miras, si se puede llegar a alguien que los tenga.',
  thinText_other:
    'Los de {{count}} notas antiguas salen de este dispositivo. Eso libera unos {{size}}. Se quedan los de las {{newest}} más nuevas, y también todas las palabras, los mensajes y los álbumes que guardas en este dispositivo. Los antiguos vuelven cuando los miras, si se puede llegar a alguien que los tenga.',
  thinNone:
    'No hay nada antiguo que liberar: lo que hay aquí es de las {{newest}} notas más nuevas, se guarda expresamente o hace falta para otra cosa.',
  thinned: 'Unos {{size}} quedan libres.',
  letGo: 'Las imágenes y archivos antiguos llegan cuando los miras.',
  back: 'Traer todo otra vez',
  fetching:
    'Las imágenes y archivos antiguos se traen otra vez en cuanto se pueda llegar a alguien que los tenga.',
  freeSpare: 'Liberar la reserva',
  freed: '{{size}} quedan libres.',
}
