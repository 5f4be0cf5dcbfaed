import type { Markup } from "../html.ts";
import { raw } from "../html.ts";

/** Looks of the page of a history, beside those of all pages. The added colours are those of the timeline. */
export const historyStyle: Markup = raw(`
:root{--density:#4f86b8;--pale:#efeee9}
@media screen and (prefers-color-scheme:dark){:root{--density:#6ea3d6;--pale:#202225}}
h3{margin:24px 0 4px;font-size:14px;line-height:20px;font-weight:600}
.word{font-weight:600}.word.bad{color:var(--bad)}.word.exp{color:var(--exp)}
.meta .word b{font-weight:600;color:inherit}
.overview{margin:20px 0 0}
.density{fill:var(--density);fill-opacity:.55}.density.unanswered{fill:var(--info);fill-opacity:1}
.landmark{fill:var(--bad-bar)}.landmark.undecided{fill:var(--info)}.target{fill:transparent}a:hover .landmark,a:focus .landmark{fill:var(--ink)}
.key{display:inline-block;width:10px;height:10px;margin:0 5px 0 0;border-radius:1px;vertical-align:-1px}
.found{margin-top:8px}.found td,.found th{padding:6px 12px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top}
.found thead th{color:var(--ink2);border-top:1px solid var(--rule2);border-bottom-color:var(--rule2)}
.found .n{width:1%;color:var(--ink3);text-align:right}.found .kind,.found .where{white-space:nowrap}.found .where{max-width:180px;overflow:hidden;text-overflow:ellipsis}
.part{margin-top:44px;padding-top:12px;border-top:1px solid var(--rule2);scroll-margin-top:8px}
.part>header{display:flex;flex-wrap:wrap;gap:0 16px;justify-content:space-between;align-items:baseline;font-size:13px;color:var(--ink2)}
.part h2{margin:0;color:var(--ink);scroll-margin-top:12px}.part h2 small{font-size:13px;font-weight:400;color:var(--ink2);margin-left:8px}
.part .lead{margin-top:4px;max-width:76ch;font-size:15px;line-height:22px}
.part figcaption{max-width:96ch}
.part:target>header h2{color:var(--bad)}
.part .columns{gap:0 44px;grid-template-columns:minmax(0,11fr) minmax(0,9fr)}
.steps .order{width:1%;white-space:nowrap;font-family:var(--mono);font-size:12.5px}
.steps .event{width:1%;white-space:nowrap;text-align:right;color:var(--ink3);padding-right:8px}
.steps tr.lit td{background:var(--panel)}.steps tr.lit.decides td{background:var(--bad-bg)}
svg .failed{fill:var(--bg);stroke:var(--ink3)}svg .bar.open{stroke:var(--info);stroke-width:1.5px}
svg .bar.badbar,svg .bar.failed.badbar,svg .bar.open.badbar{fill:var(--bad-bg);stroke:var(--bad-bar)}
svg .bar.source{stroke:var(--rule)}svg .bar.lit{stroke:var(--ink);stroke-width:2px}
svg .pale{fill:var(--pale);stroke:var(--rule)}svg .pale.failed{fill:none}svg .pale.open{stroke:var(--info);stroke-opacity:.5;stroke-dasharray:4 3}
svg .forced{stroke:var(--ink2);fill:var(--ink2)}svg line.forced{stroke-width:1.25}
svg .zone{stroke:var(--bad-bar);stroke-width:1.5px}svg .zonetext{fill:var(--bad)}
svg .fold{stroke:var(--bg);stroke-width:7px;fill:none}svg .nofill{fill:none}svg .silence{font-style:italic}
.scroll{overflow-x:auto}
.figures{width:auto;min-width:50%;margin-top:8px}
.figures td,.figures th{padding:5px 0 5px 28px;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
.figures thead th{color:var(--ink2);border-top:1px solid var(--rule2);border-bottom-color:var(--rule2)}
.figures th:first-child{padding-left:0;text-align:left;white-space:normal;min-width:88px}
.figures .by,.figures .of{text-align:left;color:var(--ink2)}
.judges{margin-top:8px}.judges td,.judges tbody th{padding:6px 16px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top}
.judges thead th{padding:6px 16px 6px 0;color:var(--ink2);border-top:1px solid var(--rule2);border-bottom:1px solid var(--rule2)}
.judges .verdict{width:116px;white-space:nowrap}.judges .assumes{color:var(--ink2);width:40%}
.judges b{font-weight:400}.judges .bad b{font-weight:600}
@media screen and (max-width:720px){
.figures{width:100%;font-size:12px}.figures td,.figures th{padding-left:6px}.figures th:first-child{min-width:64px}.figures .by{display:none}
.found .where{display:none}.found td,.found th{padding-right:8px}.found .kind{white-space:normal;overflow-wrap:normal;min-width:68px}
.judges thead{display:none}.judges,.judges tbody,.judges tr,.judges td,.judges tbody th{display:block;width:auto}
.judges td,.judges tbody th{border:0;padding:0 0 2px}.judges tr{padding:8px 0;border-bottom:1px solid var(--rule)}.judges tr:first-child{border-top:1px solid var(--rule2)}
.judges .assumes{width:auto;color:var(--ink3)}.judges .assumes::before{content:"assumes: "}
.steps .event{padding-right:0}.part .columns{display:block}}
@media screen and (max-width:900px){.wide{display:none!important}.upright{display:block!important;max-width:560px}}
@media print{.part{break-inside:auto}.wide{display:block!important}.upright{display:none!important}.scroll{overflow:visible}}
`);
