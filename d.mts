import { drops } from './tools/figures/drops/drops.ts'
const t=performance.now()
console.log(await drops.run({ n: 3, seed: 'test', tell: (d) => console.log(d) }), performance.now()-t)
