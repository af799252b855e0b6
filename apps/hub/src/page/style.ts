/**
 * How the page looks: light and dark, phone and desktop, without a script or a file of its own.
 * Contrast is at least 4.5 : 1 for text and 3 : 1 for the ring of focus (WCAG 2.2 AA).
 *
 * @module
 */

export const css = `
:root{color-scheme:light dark;--back:light-dark(#f6f5f1,#16181d);--card:light-dark(#fff,#1f222a);--text:light-dark(#1d2026,#eceef3);--soft:light-dark(#565c68,#a9b0be);--line:light-dark(#dcdad2,#363b47);--accent:light-dark(#1f5f8b,#8cc8f2);--note:light-dark(#fdf3d8,#3a3218);--alarm:light-dark(#fbe3df,#4a211c)}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.55 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:clamp(1.25rem,5vw,3.5rem) clamp(1rem,4vw,2rem)}
h1{font-size:clamp(1.6rem,5vw,2.25rem);line-height:1.2;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 .75rem}
p{margin:0 0 .75rem}
.lead{font-size:1.1rem;color:var(--soft);margin-bottom:1.75rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin:0 0 1.25rem}
section>:last-child{margin-bottom:0}
code{display:block;font:.95rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere;user-select:all;background:var(--back);border:1px solid var(--line);border-radius:.5rem;padding:.75rem .9rem;margin:0 0 .75rem}
.soft{color:var(--soft);font-size:.95rem}
p.note{background:var(--note);border-radius:.5rem;padding:.6rem .9rem}
section.note{background:var(--note)}
[hidden]{display:none}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
.alarm{background:var(--alarm);border-radius:.5rem;padding:.6rem .9rem}
button,.button{font:inherit;font-weight:600;color:var(--card);background:var(--accent);border:0;border-radius:.5rem;padding:.65rem 1.1rem;margin:0 0 .75rem;min-height:2.75rem;cursor:pointer;text-decoration:none}
summary{font-weight:600;padding:.5rem 0;margin:0 0 .25rem;cursor:pointer}
#said:empty{display:none}
#command,#link{max-height:7.5rem;overflow:auto}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem 1.5rem;margin:0 0 1rem}
dt{color:var(--soft);font-size:.9rem}
dd{margin:0;font-size:1.15rem;font-variant-numeric:tabular-nums}
a{color:var(--accent);display:inline-block;padding:.25rem 0}
a:focus-visible,button:focus-visible,summary:focus-visible,code:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.25rem}
`

export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f5f8b"/><circle cx="16" cy="16" r="5" fill="#fff"/><g fill="none" stroke="#fff" stroke-width="2.5"><path d="M16 11V5M20.5 18.5l5 3M11.5 18.5l-5 3"/></g></svg>'
