/** How elements look before any WXSS. What is fixed stays in the pages' own area, above the tab bar. */
export const BASE_STYLE = `
html, body { margin: 0; height: 100%; }
body { font: 16px/1.4 sans-serif; }
mini-program-screen { display: flex; flex-direction: column; height: 100%; }
mini-program-pages { display: block; flex: 1; min-height: 0; transform: translateZ(0); }
[hidden] { display: none !important; }
mini-program-page { display: block; height: 100%; overflow-y: auto; }
page, view, scroll-view, navigator, form, checkbox-group, radio-group { display: block; }
text { white-space: pre-line; }
scroll-view[scroll-y] { overflow-y: auto; }
scroll-view[scroll-x] { overflow-x: auto; }
img { width: 320px; height: 240px; }
button { display: block; width: 100%; min-height: 46px; box-sizing: border-box; font: inherit; }
button[size="mini"] { display: inline-block; width: auto; min-height: 30px; }
input:not([data-tag]), textarea { font: inherit; box-sizing: border-box; width: 100%; }
mini-program-tab-bar { display: flex; border-top: 1px solid #ddd; }
mini-program-tab-bar button { flex: 1; }
`;
