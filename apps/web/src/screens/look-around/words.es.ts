import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Echar un vistazo',
  about:
    'Estas cinco personas son inventadas. Así se siente cuando sigues a unas cuantas. Nada de esto sale de este dispositivo.',
  home: 'Volver a lo tuyo',
  sign: 'Todo inventado',
  people: 'Quién está aquí',
  notHere: 'Esto es solo para echar un vistazo. Escribe lo tuyo en Inicio.',
  answerHere: 'Aquí responderías tú.',
  endTitle: 'Y ahora, lo tuyo',
  endText: 'Tu sitio se llena con lo que escriben tus amigos. Empieza con uno de ellos.',
  invite: 'Invitar a alguien',

  mira: 'Mira Soler',
  miraAbout:
    'Un huerto detrás de la vía, y nunca bastantes alféizares. Cambio plantas por casi cualquier cosa.',
  tom: 'Tomás Vega',
  tomAbout: 'Arreglo bicicletas en el cobertizo, detrás del parque de bomberos. Los sábados desde las diez.',
  ana: 'Ana Ribeiro',
  anaAbout: 'De día, maestra. Por la tarde dirijo un coro que canta mejor de lo que dice.',
  yusuf: 'Yusuf Demir',
  yusufAbout: 'Vuelvo a casa por el lago, con la cámara. Cine, sobre todo antiguo.',
  edith: 'Elvira Luna',
  edithAbout: '77 años, tarta los domingos. Esto me lo puso mi nieto en el teléfono.',

  choir:
    'Esta tarde a las siete hay coro, en el antiguo parque de bomberos. Nos falta **alguien que sostenga una nota grave**. Traed una taza. #coro',
  choirYes: 'Yo sostengo una, si nadie me pide la segunda.',
  lake: 'El lago anoche, de camino a casa. Me quedé hasta que ganaron los mosquitos.',
  lakeAlt: 'Un lago al atardecer: un velero pequeño ante colinas oscuras, con el sol a medio ponerse',
  seedlings: 'Sembré cuarenta tomates. **Salieron los cuarenta.** ¿Quién tiene un alféizar libre? #huerto',
  seedlingsAlt: 'Cinco macetas de barro en un alféizar soleado, cada una con una plantita verde',
  two: 'Dos para mí, por favor. A mi balcón le da el sol desde mediodía.',
  three: 'Tres, si me las traes. Habrá tarta.',
  four: '@{{edith}} Entonces llevo cuatro.',
  cactus: '¿Cuántas quedan? Lo pregunta alguien a quien no le ha sobrevivido ni un cactus.',
  horst: 'Treinta y cuatro. Llévate esta: se llama Horst y lo perdona todo.',
  mended: 'Con la mía tardó lo mismo que yo en contarle qué le pasaba. Id.',
  shed: 'Si vuestra bicicleta chirría: el cobertizo abre el sábado desde las diez. El café no cuesta nada; los cables de freno, lo que me cuestan a mí.',
  plums:
    'Dice mi nieto que aquí se escribe lo que una diría por encima de la valla. Pues bien: las ciruelas están maduras y no llego. #huerto',
  ladder: 'Tengo una escalera. ¿El domingo?',
  sunday: 'El domingo. Habrá tarta.',
  filmWarning: 'Cómo acaba la película del viernes',
  film: 'El perro vive. Ya podéis verla tranquilos.',
  cake: 'No cabían 77 velas, así que @{{edith}} sopló siete y nos hizo contar cada una once veces.',
  cakeAlt: 'Una tarta con glaseado blanco y siete velas encendidas, en una habitación oscura',
  swap: 'Para el intercambio del sábado tengo:\n\n- salvia, de dos clases\n- puerros, finos como lápices\n- demasiada menta\n\nBusco cualquier cosa que no guste a los caracoles. #huerto',
}
