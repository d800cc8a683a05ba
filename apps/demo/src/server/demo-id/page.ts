import { PEOPLE } from './people.ts'

/** Demo ID's login page: one button per person. It is another site than the demo's, so it looks like one. */
export function renderLogin(uid: string): string {
  const buttons = PEOPLE.map(
    ({ id, name, email, verified }) =>
      `<button name="person" value="${id}"><b>${name}</b><span>${email}${verified ? '' : ' (not verified)'}</span></button>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Demo ID</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; background: light-dark(#eaf0fb, #10151f) }
  main { width: min(24rem, calc(100vw - 4rem)); padding: 2rem; border-radius: 16px; background: light-dark(#fff, #1a2130) }
  h1 { margin: 0 0 .25rem; font-size: 1.5rem } p { margin: 0 0 1.25rem; color: light-dark(#4a5468, #aab4c8) }
  form { display: grid; gap: .5rem }
  button { display: grid; padding: .75rem 1rem; text-align: left; font: inherit; color: inherit; cursor: pointer;
    border: 1px solid light-dark(#8792a8, #6a758c); border-radius: 10px; background: none }
  button:hover { background: light-dark(#f2f6ff, #232c3f) } button span { color: light-dark(#4a5468, #aab4c8) }
  button.quiet { border: 0; text-align: center }
</style>
<main>
  <h1>Demo ID</h1>
  <p>The Latchkey demo asks who you are. Choose:</p>
  <form method="post" action="/interaction/${encodeURIComponent(uid)}">
    ${buttons.join('\n    ')}
    <button class="quiet" name="person" value="">Cancel</button>
  </form>
</main>
</html>`
}
