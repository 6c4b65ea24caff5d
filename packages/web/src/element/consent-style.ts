/**
 * Colours are the page's, by `--privacy-…`, or these; dark ones where the page itself has a dark scheme.
 * Nothing inherited from the page leaks in.
 */
const SHARED_STYLE = `
:host {
  all: initial;
  color-scheme: inherit;
  --bg: var(--privacy-background, #fff);
  --fg: var(--privacy-color, #1c2722);
  --soft: var(--privacy-muted, #56635d);
  --line: var(--privacy-line, #d9d9d4);
  --box: var(--privacy-surface, #f6f5f1);
  --accent: var(--privacy-accent, #0b6b4f);
  --focus: var(--privacy-focus, #1a5fb4);
  --round: var(--privacy-radius, 1rem);
  color: var(--fg);
  font: 1rem/1.6 var(--privacy-font, system-ui, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", sans-serif);
  overflow-wrap: anywhere;
}
@supports (color: light-dark(red, red)) {
  :host {
    --bg: var(--privacy-background, light-dark(#fff, #1a221e));
    --fg: var(--privacy-color, light-dark(#1c2722, #e4ebe7));
    --soft: var(--privacy-muted, light-dark(#56635d, #a5b3ac));
    --line: var(--privacy-line, light-dark(#d9d9d4, #3a4741));
    --box: var(--privacy-surface, light-dark(#f6f5f1, #121815));
    --accent: var(--privacy-accent, light-dark(#0b6b4f, #74d3af));
    --focus: var(--privacy-focus, light-dark(#1a5fb4, #8ab8ff));
  }
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; margin: 0; padding: 0; }
h2 { font-size: 1.25rem; line-height: 1.35; }
button {
  min-height: 2.75rem;
  padding: 0.5rem 1rem;
  font: inherit;
  font-weight: 600;
  color: var(--accent);
  background: var(--bg);
  border: 1px solid var(--accent);
  border-radius: calc(var(--round) / 2);
  overflow-wrap: normal;
  cursor: pointer;
}
button:hover { background: var(--box); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
`;

/** The text scrolls; the two choices are always in sight and look the same. */
export const CONSENT_STYLE: string = `${SHARED_STYLE}
dialog {
  width: min(36rem, calc(100vw - 2rem));
  max-width: none;
  max-height: calc(100vh - 2rem);
  max-height: calc(100dvh - 2rem);
  margin: auto;
  padding: clamp(1.25rem, 4vw, 2rem);
  color: inherit;
  background: var(--bg);
  border: 1px solid var(--line);
  border-radius: var(--round);
  box-shadow: 0 1rem 3rem rgb(0 0 0 / 0.3);
  overscroll-behavior: contain;
}
dialog[open] { display: flex; flex-direction: column; gap: 1rem; }
dialog::backdrop { background: var(--privacy-shade, rgb(20 30 26 / 0.5)); }
h2:focus { outline: none; }
#text {
  flex: 1 1 auto;
  min-height: 6rem;
  overflow: auto;
  overscroll-behavior: contain;
  padding: 1rem;
  font-size: 0.9375rem;
  background: var(--box);
  border-radius: calc(var(--round) / 2);
}
h3 { margin: 1rem 0 0.25rem; font-size: inherit; }
#text > :first-child { margin-top: 0; }
p + p { margin-top: 0.125rem; }
b { font-weight: 400; color: var(--soft); }
#hint { font-size: 0.875rem; color: var(--soft); }
.choice { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; }
`;

export const CENTER_STYLE: string = `${SHARED_STYLE}
:host { display: block; container-type: inline-size; }
p { margin-top: 0.25rem; font-size: 0.875rem; color: var(--soft); }
ul { margin-top: 1rem; list-style: none; border-top: 1px solid var(--line); }
li {
  display: grid;
  grid-template: "label buttons" auto "status buttons" auto / 1fr auto;
  gap: 0 0.75rem;
  align-items: center;
  min-height: 4.5rem;
  padding: 0.625rem 0;
  border-bottom: 1px solid var(--line);
}
.label { grid-area: label; align-self: end; font-weight: 600; }
.status { grid-area: status; align-self: start; font-size: 0.875rem; color: var(--soft); }
[data-permitted="true"] .status { color: var(--accent); }
/* What comes and goes stands behind what stays. */
.buttons { grid-area: buttons; display: flex; flex-flow: row-reverse wrap; gap: 0.5rem; min-width: 14rem; }
[part="change"] { min-width: 6.5rem; }
button { min-height: 2.25rem; padding: 0.25rem 0.875rem; font-size: 0.875rem; }
[hidden] { display: none; }
[role="status"] { min-height: 1.6em; }
@container (width < 24rem) {
  li { grid-template: "label" auto "status" auto "buttons" auto / 1fr; }
  .buttons { flex-direction: row; min-width: 0; margin-top: 0.5rem; }
}
`;
