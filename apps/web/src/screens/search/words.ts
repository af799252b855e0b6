import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/search', {
  title: 'Search',
  field: 'What are you looking for?',
  placeholder: 'Words, names, #tags',
  when: 'When',
  anyTime: 'Any time',
  week: 'Past week',
  month: 'Past month',
  year: 'Past year',
  people: 'People',
  posts: 'Posts',
  startTitle: 'Everything on this device',
  start:
    'Posts, answers and people whom you follow. It works without a connection, and nobody learns what you look for.',
  nothingTitle: 'Nothing found',
  nothing: 'All words have to be there. Try fewer, or the beginning of one.',
  looking: 'Looking further back…',
  soFarTitle: 'Nothing found so far',
  soFar: 'There is more further back that was not looked through yet.',
  lookOn: 'Look further back',
  findPeople: 'Find people',
  lookAnyTime: 'Look in all of the time',
  behind_one: '{{count}} newer post is still being read.',
  behind_other: '{{count}} newer posts are still being read.',
  tag: 'Everything tagged #{{label}}',
})
