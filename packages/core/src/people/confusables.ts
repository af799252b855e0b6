/**
 * Letters that look like others: a small part of `confusables.txt` of Unicode Technical Standard #39 (version 17), kept by
 * hand for Latin, Cyrillic, Greek and digits (spec Y44). Compatibility forms (full-width, mathematical, ligatures) are not
 * in it: NFKD takes care of them.
 *
 *     'а' (Cyrillic) ─▶ 'a'      'Н' ─▶ 'H'      'ѕ' ─▶ 's'
 *
 * @module
 */

/** `[what it looks like, letters that look so]`, before letters are made small: only capitals look alike here. */
const capitals: readonly (readonly [string, string])[] = [
  ['A', 'АΑ'],
  ['B', 'ВΒ'],
  ['C', 'СϹ'],
  ['E', 'ЕΕ'],
  ['F', 'ҒϜ'],
  ['G', 'Ԍ'],
  ['H', 'НΗҢ'],
  ['I', 'ІΙӀƖǀ'],
  ['J', 'ЈͿ'],
  ['K', 'КΚҚ'],
  ['M', 'МΜӍ'],
  ['N', 'Ν'],
  ['O', 'ОΟ'],
  ['P', 'РΡ'],
  ['Q', 'Ԛ'],
  ['S', 'Ѕ'],
  ['T', 'ТΤҬ'],
  ['V', 'Ѵ'],
  ['W', 'Ԝ'],
  ['X', 'ХΧҲ'],
  ['Y', 'УΥҮ'],
  ['Z', 'Ζ'],
  ['h', 'Һ'],
  ['3', 'ЗӠƷȜ'],
]

/** The same of small letters. A small capital stands for its letter, as capitals do. */
const smallLetters: readonly (readonly [string, string])[] = [
  ['a', 'аαɑᴀ'],
  ['b', 'ьвʙƅ'],
  ['c', 'сϲᴄ'],
  ['d', 'ԁᴅ'],
  ['e', 'еҽᴇ'],
  ['f', 'ꜰғ'],
  ['g', 'ɡɢ'],
  ['h', 'һнʜ'],
  ['i', 'іιıɩɪ'],
  ['j', 'јϳȷᴊ'],
  ['k', 'кκᴋ'],
  ['l', 'ӏʟǀ'],
  ['m', 'мᴍ'],
  ['n', 'пηɴ'],
  ['o', 'оοσᴏ'],
  ['p', 'рρᴘ'],
  ['q', 'ԛ'],
  ['r', 'гʀ'],
  ['s', 'ѕꜱ'],
  ['t', 'тτᴛ'],
  ['u', 'υᴜ'],
  ['v', 'ѵνᴠ'],
  ['w', 'ԝѡᴡ'],
  ['x', 'хχ'],
  ['y', 'уүγʏ'],
  ['z', 'ᴢ'],
  ['ß', 'β'],
  ['3', 'зӡʒȝ'],
  ['6', 'б'],
]

/** What a reader takes for the same in many typefaces, after all else. */
const alike: readonly (readonly [string, string])[] = [
  ['l', 'i1|'],
  ['o', '0'],
  ['rn', 'm'],
  ['vv', 'w'],
]

const mapOf = (rows: readonly (readonly [string, string])[]): ReadonlyMap<string, string> =>
  new Map(rows.flatMap(([to, from]) => Array.from(from, (letter): [string, string] => [letter, to])))

export const confusableCapitals: ReadonlyMap<string, string> = mapOf(capitals)
export const confusableLetters: ReadonlyMap<string, string> = mapOf(smallLetters)
export const alikeLetters: ReadonlyMap<string, string> = mapOf(alike)
