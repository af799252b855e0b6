import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Umsehen',
  about:
    'Diese fünf Menschen sind erfunden. So fühlt es sich an, wenn du einigen folgst. Nichts davon verlässt dieses Gerät.',
  home: 'Zurück zu dir',
  sign: 'Alles erfunden',
  people: 'Wer hier ist',
  notHere: 'Das ist nur zum Umsehen. Schreib Eigenes auf deiner Startseite.',
  answerHere: 'Hier würdest du antworten.',
  endTitle: 'Und jetzt bei dir',
  endText: 'Bei dir steht, was deine Freunde schreiben. Es beginnt mit einem von ihnen.',
  invite: 'Jemanden einladen',

  mira: 'Mira Holt',
  miraAbout:
    'Ein Garten hinter dem Bahndamm und nie genug Fensterbretter. Ich tausche Pflanzen gegen fast alles.',
  tom: 'Tom Becker',
  tomAbout: 'Ich repariere Fahrräder im Schuppen hinter der Feuerwache. Samstags ab zehn.',
  ana: 'Ana Ribeiro',
  anaAbout: 'Tagsüber Lehrerin. Abends leite ich einen Chor, der besser singt, als er zugibt.',
  yusuf: 'Yusuf Demir',
  yusufAbout: 'Ich gehe am See nach Hause, mit der Kamera. Filme, meist alte.',
  edith: 'Edith Lund',
  edithAbout: '77, sonntags gibt es Kuchen. Mein Enkel hat mir das aufs Telefon getan.',

  choir:
    'Heute um sieben ist Chor, in der alten Feuerwache. Uns fehlt **jemand, der einen tiefen Ton hält**. Bringt eine Tasse mit. #Chor',
  choirYes: 'Einen kann ich halten, wenn niemand nach einem zweiten fragt.',
  lake: 'Der See gestern Abend, auf dem Heimweg. Ich stand da, bis die Mücken gewonnen hatten.',
  lakeAlt:
    'Ein See bei Sonnenuntergang: ein kleines Segelboot vor dunklen Hügeln, die Sonne schon halb untergegangen',
  seedlings:
    'Ich habe vierzig Tomaten gesät. **Alle vierzig sind aufgegangen.** Wer hat ein Fensterbrett frei? #Garten',
  seedlingsAlt: 'Fünf Tontöpfe auf einem sonnigen Fensterbrett, in jedem eine kleine grüne Pflanze',
  two: 'Zwei für mich, bitte. Mein Balkon hat ab Mittag Sonne.',
  three: 'Drei, wenn du sie vorbeibringst. Es gibt Kuchen.',
  four: '@{{edith}} Dann bringe ich vier.',
  cactus: 'Wie viele sind noch da? Ich frage als einer, bei dem kein Kaktus überlebt hat.',
  horst: 'Vierunddreißig. Nimm diese hier: Sie heißt Horst und verzeiht alles.',
  mended: 'Bei meinem brauchte er so lange, wie ich brauchte, um zu sagen, was fehlt. Geht hin.',
  shed: 'Wenn euer Fahrrad quietscht: Der Schuppen ist am Samstag ab zehn offen. Der Kaffee kostet nichts, Bremszüge kosten, was sie mich kosten.',
  plums:
    'Mein Enkel sagt, hier schreibt man, was man über den Zaun sagen würde. Na dann: Die Pflaumen sind reif, und ich komme nicht heran. #Garten',
  ladder: 'Ich habe eine Leiter. Sonntag?',
  sunday: 'Sonntag. Es gibt Kuchen.',
  filmWarning: 'Wie der Film vom letzten Freitag ausgeht',
  film: 'Der Hund überlebt. Jetzt könnt ihr ihn in Ruhe sehen.',
  cake: '77 Kerzen passten nicht darauf, also hat @{{edith}} sieben ausgeblasen, und wir mussten jede elfmal zählen.',
  cakeAlt: 'Ein Kuchen mit weißem Guss und sieben brennenden Kerzen in einem dunklen Zimmer',
  swap: 'Zum Tauschen am Samstag habe ich:\n\n- Salbei, zwei Sorten\n- Lauch, dünn wie Bleistifte\n- viel zu viel Minze\n\nIch suche alles, was Schnecken nicht mögen. #Garten',
}
