import { defineWords } from '../../words/define.ts'

export const words = defineWords('components/person', {
  verified: 'You made sure it is them',
  moved: 'Their account moved: make sure of them again',
  alike: 'Look twice: this name may be meant to confuse you',
  changed: 'They changed their name or picture',
})
