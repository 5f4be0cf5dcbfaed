import type { Markup } from "./html.ts";
import { raw } from "./html.ts";

/** Colours by scheme. Contrast and colour-blind distances were measured when they were chosen. */
const tokens = `
:root{color-scheme:light dark;--bg:#fcfcfa;--panel:#f5f4f0;--ink:#1c1d1f;--ink2:#565960;--ink3:#6a6d74;--rule:#e4e2dc;--rule2:#bdbbb3;--link:#1f5a94;--bad:#a52c0a;--bad-bg:#fbe8e0;--bad-bar:#c8401a;--exp:#2f5f8c;--exp-bg:#edf3f8;--exp-rule:#b7cde2;--info:#cf8f12;--fault:#f1eadb;--fault-ink:#7a6436;--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{--bg:#141517;--panel:#1b1d20;--ink:#e6e5e1;--ink2:#a8aab0;--ink3:#8b8e95;--rule:#2a2c30;--rule2:#4a4d53;--link:#8ab8e6;--bad:#ff9a7a;--bad-bg:#3a1e16;--bad-bar:#f0653a;--exp:#9cc3ea;--exp-bg:#192330;--exp-rule:#34506c;--info:#e6c25c;--fault:#26221a;--fault-ink:#c2a869}}
`;

const base = `
*{box-sizing:border-box}
html{background:var(--bg);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:1200px;padding:20px 32px 64px;color:var(--ink);font:14px/20px -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
b,strong{font-weight:600}
h1{margin:28px 0 8px;font-size:26px;line-height:32px;font-weight:600;letter-spacing:-.012em;max-width:32em;text-wrap:balance}
h2{margin:44px 0 4px;font-size:16px;line-height:24px;font-weight:600}
.crumbs{display:flex;flex-wrap:wrap;gap:0 16px;justify-content:space-between;font-size:12px;line-height:16px;color:var(--ink2)}
.crumbs a{color:inherit}.crumbs .sep{margin:0 8px;color:var(--ink3)}
.meta{margin:0 0 20px;font-size:13px;line-height:20px;color:var(--ink2)}
.meta>span{display:inline-block;max-width:100%}.meta>span:not(:last-child)::after{content:"·";margin:0 4px 0 8px;color:var(--ink3)}
.meta b,.meta code{color:var(--ink);font-weight:400}
.lead{margin:0;font-size:16px;line-height:24px;max-width:66ch}
.note{margin:8px 0 0;font-size:13px;line-height:20px;color:var(--ink2);max-width:68ch}
.loud{margin:20px 0 0;padding:8px 12px;border-left:3px solid var(--bad-bar);background:var(--bad-bg);color:var(--bad);max-width:70ch}
code,.mono{font-family:var(--mono);font-size:12.5px}
table{width:100%;border-collapse:collapse;font-size:13px;line-height:18px;text-align:left}
th{font-weight:400}thead{display:table-header-group}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media screen and (max-width:720px){body{padding:16px 16px 44px}h1{font-size:22px;line-height:28px;margin-top:20px}.lead{font-size:15px;line-height:22px}}
@media print{@page{margin:14mm}:root{color-scheme:light}html,body{background:#fff}body{max-width:none;padding:0}h2{break-after:avoid}tr,figure,.keep{break-inside:avoid}.screen{display:none!important}a{color:inherit}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

const matrix = `
.legend{display:flex;flex-wrap:wrap;gap:4px 24px;margin:4px 0 12px;padding:0;list-style:none;font-size:13px;line-height:20px;color:var(--ink2)}
.legend .swatch{display:inline-block;padding:0 7px;margin-right:6px;font-size:12px;border-radius:2px}
.matrix{table-layout:fixed}
.matrix th:first-child{width:172px}
.matrix thead th{border-top:1px solid var(--rule2);border-bottom:1px solid var(--rule2);padding:7px 4px 7px 8px;vertical-align:top;hyphens:auto}
.matrix th:first-child{padding-left:0}
.matrix small{display:block;font-size:12px;line-height:16px;color:var(--ink3);font-weight:400}
.matrix .group th{padding:16px 0 3px;font-size:12px;line-height:16px;color:var(--ink2);border-bottom:1px solid var(--rule2)}
.matrix tbody:first-of-type .group th{padding-top:12px}
.matrix tbody tr:not(.group)>*{border-bottom:1px solid var(--rule);padding:2px 1px;vertical-align:top;height:48px}
.matrix tbody th[scope=row]{padding:6px 8px 4px 0}
.matrix b,.matrix strong{display:block}
.cell{display:block;min-height:44px;height:100%;padding:4px 4px 4px 7px;color:var(--ink3);border-radius:1px}
.cell .rate{display:block;font-size:12px;line-height:16px}
.cell .code{display:none;text-decoration:none}
a.cell:hover{text-decoration:none}a.cell:hover,a.cell:focus-visible{outline:1.5px solid var(--ink);outline-offset:-1.5px}
.contradicts{background:var(--bad-bg);color:var(--bad);box-shadow:inset 3px 0 var(--bad-bar)}
.contradicts .kind{font-weight:600}
.contradicted{background:var(--bad-bar);color:var(--bg)}.contradicted .kind{font-weight:600}
.allowed{background:var(--exp-bg);color:var(--exp)}
.missed{box-shadow:inset 0 0 0 1px var(--exp-rule)}
.observed{color:var(--ink2);background:var(--panel)}
.unknown{color:var(--ink);background:repeating-linear-gradient(-45deg,var(--fault) 0 4px,transparent 4px 8px)}
.clean,.untried,.skipped,.notExpressible{color:var(--ink3)}
.codes{display:none;margin:8px 0 0;font-size:12px;line-height:18px;color:var(--ink2)}
@media (max-width:900px){
.matrix th:first-child{width:29%}
.matrix thead th{padding:6px 0;vertical-align:bottom;height:92px}
.matrix thead th:not(:first-child) b{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:400;font-size:12px;line-height:16px;margin:0 auto;white-space:nowrap}
.matrix thead small,.matrix thead th:not(:first-child) small,.matrix tbody th small{display:none}
.matrix tbody tr:not(.group)>*{height:30px;padding:1px}
.matrix tbody th[scope=row]{padding:5px 6px 4px 0;font-size:12px;line-height:15px}
.cell{min-height:26px;padding:4px 0;text-align:center;font-size:11.5px}
.cell .kind,.cell .rate{display:none}.cell .code{display:inline}
.contradicts .code,.contradicted .code{font-weight:600}
.contradicts{box-shadow:inset 0 2px var(--bad-bar)}
.legend .contradicts{box-shadow:inset 3px 0 var(--bad-bar)}
.codes{display:block}}
`;

const claims = `
.claims thead th{border-top:1px solid var(--rule2);border-bottom:1px solid var(--rule2);padding:7px 12px 7px 0;color:var(--ink2);vertical-align:top}
.claims td{border-bottom:1px solid var(--rule);padding:10px 16px 10px 0;vertical-align:top}
.claims tr:target td{background:var(--panel)}
.claims small{display:block;font-size:12px;line-height:17px;color:var(--ink3)}
.claims .id{color:var(--ink2);width:44px}
.claims .says{width:29%}.claims .verdict{width:132px}.claims .smallest{width:200px;padding-right:0}
.dot{display:inline-block;width:8px;height:8px;margin-right:7px;border-radius:50%;background:var(--bad-bar);vertical-align:1px}
.exp .dot{background:none;box-shadow:inset 0 0 0 1.5px var(--exp)}
.shown .dot{background:var(--exp)}
.quiet .dot{background:none;box-shadow:inset 0 0 0 1.5px var(--ink3)}
.fallen .dot{border-radius:0}
.verdict.bad,.verdict.fallen{color:var(--bad)}.verdict.bad b,.verdict.fallen b{font-weight:600}
.verdict.exp,.verdict.shown{color:var(--exp)}.verdict.quiet{color:var(--ink2)}
tr.fallen td{background:var(--bad-bg)}
.defects{margin-top:12px}.defects small{font-size:12px;color:var(--ink3)}
.defects td,.defects th{padding:6px 16px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top}
.defects thead th{color:var(--ink2);border-top:1px solid var(--rule2);border-bottom-color:var(--rule2)}
@media screen and (max-width:720px){
.claims,.claims tbody,.claims tr,.claims td{display:block;width:auto!important}
.claims thead{display:none}
.claims tr{position:relative;padding:10px 0 12px 36px;border-bottom:1px solid var(--rule)}
.claims tr:first-child{border-top:1px solid var(--rule2)}
.claims td{border:0;padding:0 0 4px}.claims .id{position:absolute;left:0;top:10px}
.claims .verdict,.claims .smallest{display:inline-block;padding-right:14px}
.claims .verdict small,.claims .smallest small{display:inline;margin-left:6px}
tr.fallen{background:var(--bad-bg)}
.defects .stands{display:none}}
`;

const anomaly = `
figure{margin:20px 0 0}
figcaption{margin-top:8px;font-size:13px;line-height:19px;color:var(--ink2);max-width:68ch}
figure svg{display:block;width:100%;height:auto;overflow:visible;font-family:inherit}
.upright{display:none!important}
svg text{fill:var(--ink);font-size:12px;paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
svg .plain{stroke:none}
svg .t2{fill:var(--ink2);font-size:11.5px}svg .t3{fill:var(--ink3);font-size:11px}
svg .b{font-weight:600}svg .m{font-family:var(--mono);font-size:11.5px;stroke:none}
svg .badtext{fill:var(--bad)}svg .faulttext{fill:var(--fault-ink);font-size:11px}
svg .grid{stroke:var(--rule)}svg .lane{stroke:var(--rule2)}svg .band{fill:var(--fault)}
svg .bar{fill:var(--panel);stroke:var(--rule2)}svg .bar.badbar{fill:var(--bad-bg);stroke:var(--bad-bar)}
svg .bar.open{stroke-dasharray:4 3}
svg .request{stroke:var(--ink2);fill:var(--ink2)}svg .answer{stroke:var(--rule2);fill:var(--rule2)}
svg .doomed{stroke:var(--bad-bar);fill:var(--bad-bar)}svg .back{stroke-dasharray:3 3}
svg line.request,svg line.answer,svg line.doomed{stroke-width:1.25}svg .head{stroke:none}
svg .dotmark{fill:var(--ink)}svg .dotmark.doomed{fill:var(--bad-bar);stroke:none}
svg .chip{fill:var(--bg);stroke:var(--ink2)}svg .chip.badchip{fill:var(--bad-bg);stroke:var(--bad-bar)}
svg .chip.oldchip{stroke:var(--rule2)}
svg .tick{stroke:var(--rule2)}svg .break{stroke:var(--bg);stroke-width:5px}
svg g[data-step]{transition:opacity .12s}svg.stepping g.later{opacity:.08}
.steps td,.steps th,.orders td,.orders th{padding:5px 12px 5px 8px;border-bottom:1px solid var(--rule);vertical-align:top}
.steps thead th,.orders thead th{white-space:nowrap;color:var(--ink2);border-top:1px solid var(--rule2);border-bottom-color:var(--rule2)}
.steps .ms{width:1%;white-space:nowrap;color:var(--ink2)}.steps .holds{white-space:nowrap;width:118px}
.steps .holds b{font-family:var(--mono);font-weight:600}.steps .same,.steps .same span{color:var(--ink3)}
.steps .holds span{font-family:var(--mono);font-size:12.5px}
.steps .holds small{font-size:12px;color:var(--ink2);margin-left:6px}.steps .same small{color:var(--ink3)}
tr.decides td{background:var(--bad-bg)}tr.decides td:first-child{box-shadow:inset 3px 0 var(--bad-bar)}
tr.at td{background:var(--panel)}tr.at td:first-child{box-shadow:inset 3px 0 var(--ink)}
tr.at.decides td{background:var(--bad-bg)}
.steps[data-live] tbody tr{cursor:pointer}
.orders .order{width:1%;white-space:nowrap;font-family:var(--mono);font-size:12.5px}
.orders{margin-top:8px}
summary{cursor:pointer;font-size:13px;line-height:28px;color:var(--link)}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 56px}
.command{display:flex;margin:8px 0 0;border:1px solid var(--rule2);border-radius:4px}
.command code{flex:1;min-width:0;padding:9px 12px;line-height:19px;overflow-wrap:anywhere}
.command button{flex:none;width:68px;border:0;border-left:1px solid var(--rule2);background:none;color:var(--link);font:inherit;font-size:13px;cursor:pointer;border-radius:0 4px 4px 0}
.command button:hover{background:var(--panel)}
blockquote{margin:8px 0;padding:2px 0 2px 12px;border-left:2px solid var(--rule2);font-size:15px;line-height:22px}
.facts{margin:8px 0 0;font-size:13px;line-height:20px;color:var(--ink2)}
.facts div{display:flex;gap:12px}.facts dt{flex:none;width:76px;color:var(--ink3)}.facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
kbd{font:inherit;font-size:12px;padding:0 4px;border:1px solid var(--rule2);border-radius:3px}
@media screen and (max-width:720px){.wide{display:none!important}.upright{display:block!important}.columns{display:block}
.steps .holds small{display:none}.steps .holds{width:1%;max-width:62px;overflow:hidden;text-overflow:ellipsis}.steps td,.steps th{padding:5px 5px}.steps .holds{padding-left:4px;padding-right:4px}.steps .ms{padding-right:6px}}
@media print{svg g{opacity:1!important}.claims .says{width:27%}.claims .verdict{width:92px}.claims .smallest{width:120px}}
`;

/** The style sheet of all pages, minified by hand where that costs no clarity. */
export const stylesheet: Markup = raw(
  [tokens, base, matrix, claims, anomaly].join("").replace(/\n+/g, "\n").trim(),
);
