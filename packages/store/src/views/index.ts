export type { Siblings } from './resolve.ts'
export { createViews, type Views, type ViewsOptions } from './views.ts'
