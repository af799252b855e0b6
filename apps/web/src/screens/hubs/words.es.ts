import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Hubs',
  intro:
    'Un hub guarda lo que escribiste y lo lleva a tus amigos mientras tus dispositivos están apagados. No puede leer lo que dices en privado.',
  introNone:
    'Todavía no usas ningún hub. Un hub guarda lo que escribiste y lo lleva a tus amigos mientras tus dispositivos están apagados. No puede leer lo que dices en privado.',
  connected: 'Conectado',
  connecting: 'Conectando…',
  away: 'Sin conexión',
  hasMine: 'Tiene todo lo que escribiste en este dispositivo.',
  keepsNothing:
    'No guarda nada de lo que escribiste en este dispositivo. Quizá necesites una invitación, o se acabó tu sitio.',
  lacksMine: 'Aún está recibiendo lo que escribiste en este dispositivo.',
  contact: 'Lo gestiona <who/>',
  contactNone: 'No dice quién lo gestiona.',
  open: 'Cualquiera puede usarlo.',
  invited: 'Solo puede usarlo quien fue invitado.',
  drops_one: 'Guarda los mensajes para quien está ausente hasta {{count}} día.',
  drops_many: 'Guarda los mensajes para quien está ausente hasta {{count}} de días.',
  drops_other: 'Guarda los mensajes para quien está ausente hasta {{count}} días.',
  dropsNone: 'No guarda mensajes para quien está ausente.',
  terms: 'Lo que te pide',
  termsNone: 'No te pide nada en particular.',
  termsMore: 'Leerlo todo',
  termsLess: 'Mostrar menos',
  use: '{{used}} de {{most}} en uso',
  leave: 'Dejar este hub',
  leaveTitle: '¿Dejar {{name}}?',
  leaveText:
    'Tus dispositivos ya no llevarán nada allí. Lo que tiene quizá lo conserve un tiempo. Puedes volver cuando quieras.',
  leaveLast:
    'Es tu único hub. Sin ninguno, tus amigos solo ven lo nuevo mientras vuestros dos dispositivos están encendidos. Lo que tiene quizá lo conserve un tiempo.',
  left: 'Dejaste {{name}}.',
  addTitle: 'Usar otro hub',
  addText: 'Dos son mejor que uno: si uno desaparece, el otro sigue teniéndolo todo.',
  addLabel: 'Su dirección o una invitación',
  addLook: 'Mirarlo',
  addKnown: 'Ya usas este.',
  addNo: 'No, gracias',
  addYes: 'Usar este hub',
  added: 'Ahora usas este hub.',
  leaveEarly:
    'Ninguno de tus otros hubs tiene aún todo lo que escribiste en este dispositivo. Hasta que uno lo tenga, tus amigos pueden perderse cosas mientras tus dispositivos están apagados. En el hub que dejas puede quedar un tiempo.',
  moveTitle: 'Mudarse a otro hub',
  moveText:
    'Nadie tiene que volver a seguirte: tus publicaciones siguen siendo tuyas y tu perfil dice dónde estás.',
  moveWhich: '¿Qué hub dejas?',
  moveChoose: 'Elige uno',
  movePromise:
    'Para ver cuándo está todo allí de verdad, pide a {{host}} que prometa una copia, también de los archivos.',
  moveFriends:
    'Los amigos que no usan más hub que {{old}} necesitan también {{host}} para ver lo que escribas después. Cuando te hayas ido, un aviso en tu página les muestra el camino.',
  moveFirst:
    'Usa primero el hub nuevo: escribe arriba su dirección o una invitación. Aquí verás luego lo que tiene y cuándo puedes dejar el antiguo.',
  moveGets: '{{host}} está recibiendo lo que escribiste…',
  moveHas: '{{host}} tiene todo lo que escribiste en este dispositivo.',
  moveAway: '{{host}} no está conectado. En cuanto lo esté, sigue por sí solo.',
  moveFiles:
    'Las imágenes y los archivos llegan después de las publicaciones que los nombran. Deja la app abierta un rato más si compartiste algunos grandes.',
  moveDevices:
    'Abre esta página también en tus otros dispositivos: lo que solo tienen ellos no se cuenta aquí.',
  moveAlias: 'Tus amigos te encuentran como {{alias}}. Ese nombre pertenece al hub que dejas.',
  moveAliasTake: 'Pedir {{alias}}',
  moveAddress:
    'Esta app viene de {{here}}, y lo que guarda está ligado a esa dirección. Para seguir sin ella, abre la app en {{host}} y vincúlala allí como harías con un teléfono nuevo. Entonces la app te la da quien lleva {{host}}: hazlo solo si confías en esas personas.',
  moveOn: 'Seguir en {{host}}',
  moveLeave: 'Dejar {{host}}',
}
