/**
 * Who lives in Ferrywell. All of them are invented.
 *
 * @module
 */
import type { Looks } from './pictures/looks.ts'

export type PersonKey =
  | 'rosa'
  | 'teo'
  | 'layla'
  | 'ivo'
  | 'ada'
  | 'hana'
  | 'bram'
  | 'meg'
  | 'yusuf'
  | 'noor'
  | 'pilar'
  | 'olek'

export interface Person {
  readonly key: PersonKey
  readonly name: string
  /** What stands behind `@` in texts. */
  readonly called: string
  readonly about: string
  /** What their device is called in their account. */
  readonly device: string
  readonly looks: Looks
}

/** Rosa invites newcomers; the first few are a village too. */
export const people: readonly Person[] = [
  {
    key: 'rosa',
    name: 'Rosa Amaral',
    called: 'Rosa',
    about:
      'Baker at the corner of Mill Lane. Up at four, asleep by nine. The sourdough is called Gerald and he is older than my marriage.',
    device: 'bakery tablet',
    looks: {
      ...{ skin: '#e8b48c', hair: 'bun', hairColour: '#5a2f1a', clothes: '#c8553d', earrings: '#e3c04a' },
      ...{ background: ['#f6d9a8', '#e9a06b'], smile: 0.9 },
    },
  },
  {
    key: 'teo',
    name: 'Teo Lindqvist',
    called: 'Teo',
    about:
      'Forty-one years on the ferry, retired, still counting waves. I know three good jokes and tell the other ones.',
    device: 'boathouse laptop',
    looks: {
      ...{ skin: '#e6bfa0', hair: 'short', hairColour: '#d8d4cc', clothes: '#2f4a63', beard: 'full' },
      ...{ background: ['#a9cfe0', '#5d8fb0'], hat: 'cap', old: true, smile: 0.7, eyes: '#4f7a9a' },
    },
  },
  {
    key: 'layla',
    name: 'ليلى حدّاد',
    called: 'ليلى',
    about:
      'أربّي النحل في مرج التلّ الشرقي. العسل جاهز حين يقرّر النحل ذلك، لا حين أقرّر أنا.\nI keep bees; I answer in English too.',
    device: 'هاتف ليلى',
    looks: {
      ...{ skin: '#d8a47f', hair: 'scarf', hairColour: '#5a7d5a', clothes: '#6d4a7a', smile: 0.6 },
      background: ['#e8e0c8', '#b9c48f'],
    },
  },
  {
    key: 'ivo',
    name: 'Ivo Marković',
    called: 'Ivo',
    about: 'Bicycles, kettles, radios, opinions. If it rattles, bring it. Yes, I know I post a lot.',
    device: 'workshop phone',
    looks: {
      ...{ skin: '#d9a982', hair: 'short', hairColour: '#2a1c14', clothes: '#8c3b3b', beard: 'stubble' },
      ...{ background: ['#3b4a6b', '#1d2440'], hat: 'beanie', hatColour: '#c9a13c', smile: 0.6 },
    },
  },
  {
    key: 'ada',
    name: 'Ada Okafor',
    called: 'Ada',
    about:
      'District midwife, choir leader, owner of the loudest bicycle bell on the coast. 214 babies and counting.',
    device: 'my phone',
    looks: {
      ...{ skin: '#7a4a2b', hair: 'curls', hairColour: '#1c1210', clothes: '#2a8c7a', earrings: '#f0d060' },
      ...{ background: ['#f2c14e', '#d9722e'], smile: 1 },
    },
  },
  {
    key: 'hana',
    name: 'Hana Sato',
    called: 'Hana',
    about: 'Pots, mostly round ones. The kiln decides the rest.',
    device: 'studio',
    looks: {
      ...{ skin: '#f0c8ac', hair: 'long', hairColour: '#1a1614', clothes: '#3d5a80', glasses: '#303030' },
      ...{ background: ['#dfe7e3', '#9db8b0'], smile: 0.4 },
    },
  },
  {
    key: 'bram',
    name: 'Bram de Wit',
    called: 'Bram',
    about: 'Plot 7, the allotments. At war with slugs, at peace with everybody else (see the bench matter).',
    device: 'shed',
    looks: {
      ...{ skin: '#c98a5f', hair: 'bald', hairColour: '#3a2a22', clothes: '#444b38', beard: 'full' },
      ...{ background: ['#cfd8b0', '#7d9a5f'], glasses: '#5b3a1e', smile: 0.4 },
    },
  },
  {
    key: 'meg',
    name: 'Meg Calloway',
    called: 'Meg',
    about:
      'I teach the little ones and read to the big ones. Book group on Thursdays; biscuits are compulsory.',
    device: 'school tablet',
    looks: {
      ...{ skin: '#eec3a5', hair: 'waves', hairColour: '#b5522a', clothes: '#1f6f8b', freckles: true },
      ...{ background: ['#d6e6f2', '#8fb3d9'], smile: 0.8, eyes: '#3f7a55' },
    },
  },
  {
    key: 'yusuf',
    name: 'Yusuf Demir',
    called: 'Yusuf',
    about:
      'I carry a camera so that my hands have something to do. Mornings on the bay, whatever the weather says.',
    device: 'camera bag',
    looks: {
      ...{ skin: '#cf9a70', hair: 'short', hairColour: '#1f1a18', clothes: '#5a4a3a', beard: 'moustache' },
      ...{ background: ['#e3b07a', '#7a4a5a'], smile: 0.5 },
    },
  },
  {
    key: 'noor',
    name: 'Noor Rahimi',
    called: 'Noor',
    about: 'Seventeen. Telescope: borrowed. Sky: everybody’s. Homework: later.',
    device: 'attic',
    looks: {
      ...{ skin: '#c48a63', hair: 'braid', hairColour: '#2b1712', clothes: '#3a2d6b', glasses: '#8a5ab0' },
      ...{ background: ['#2a2f66', '#6a4a8c'], smile: 0.8 },
    },
  },
  {
    key: 'pilar',
    name: 'Pilar Quiroga',
    called: 'Pilar',
    about: 'Boatyard. I say what I think and then I fix your boat anyway.',
    device: 'boatyard office',
    looks: {
      ...{ skin: '#dba37a', hair: 'bob', hairColour: '#6a6a70', clothes: '#d0a13a', earrings: '#c8553d' },
      ...{ background: ['#9cc4c4', '#3f7286'], old: true, smile: 0.45 },
    },
  },
  {
    key: 'olek',
    name: 'Olek Wójcik',
    called: 'Olek',
    about: 'New here since spring. I tune pianos and play the accordion when nobody minds.',
    device: 'Olek’s phone',
    looks: {
      ...{ skin: '#f2cdb4', hair: 'waves', hairColour: '#c9a25f', clothes: '#4a6a4a', freckles: true },
      ...{ background: ['#f0e0d0', '#c8a08a'], smile: 0.3, eyes: '#5a8aa8', beard: 'stubble' },
    },
  },
]

export const host: PersonKey = 'rosa'
