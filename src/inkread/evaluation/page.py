"""The frame of a report: one HTML page with its style sheet, for light, dark and print.

Nothing is fetched and nothing runs: the page itself forbids both.
"""

from __future__ import annotations

__all__ = ["page"]


def page(title: str, body: str) -> str:
    """Frame a page.

    Args:
        title: already escaped.
        body: HTML.
    """
    return _PAGE.format(title=title, style=_STYLE, body=body)


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body><main>
{body}
</main></body>
</html>
"""

_STYLE = """
:root{--paper:#fff;--word:#1c2030;--faint:#667085;--hair:#e4e6eb;--soft:#f5f6f8;--first:#0b62b0;--second:#c8500a;
--right:#dde1e8;--wrong:#c8500a;--over:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#14171f;--word:#e6e8ee;--faint:#98a1b3;--hair:#2c3240;
--soft:#1b202b;--first:#6db3f2;--second:#f29a5c;--right:#353d4d;--wrong:#e0763a;--over:#fff}}
@media print{:root{--paper:#fff;--word:#000;--faint:#444;--hair:#ccc;--soft:#fff;--first:#0b62b0;
--second:#c8500a;--right:#dde1e8;--wrong:#c8500a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--word);font:16px/1.5 ui-sans-serif,system-ui,"Segoe UI",
Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1000px;margin:0 auto;padding:40px 24px 56px}
h1{font-size:28px;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em;overflow-wrap:anywhere}
.lead{margin:0 0 20px;color:var(--faint);max-width:70ch;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:0 40px;
margin:20px 0 30px}
.facts div{display:flex;justify-content:space-between;gap:16px;padding:6px 0;
border-bottom:1px solid var(--hair)}
dt{color:var(--faint)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
.table{margin:0 0 30px;overflow-x:auto}
table{border-collapse:collapse;min-width:min(100%,520px);border-bottom:1.5px solid var(--word)}
caption{text-align:left;padding:0 0 8px;color:var(--word)}
th{font-weight:600;text-align:left;border-top:1.5px solid var(--word);border-bottom:1px solid var(--word)}
table{font-size:15px}th{white-space:nowrap}
th,td{padding:6px 22px 6px 0;vertical-align:top;overflow-wrap:anywhere}
td.short{white-space:nowrap}
tbody tr+tr td{border-top:1px solid var(--hair)}
.note,figcaption{color:var(--faint);font-size:14px;margin:8px 0 0;max-width:76ch}
figcaption b,caption b{color:var(--word)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:8px 40px}
figure{margin:0 0 32px;break-inside:avoid}
svg{display:block;width:100%;height:auto;font-family:inherit}
svg text{fill:var(--word);font-size:12px}
svg .tick{fill:var(--faint)}svg .title{fill:var(--word);font-size:13px}
svg .end{text-anchor:end}svg .mid,svg .number{text-anchor:middle}
.grid{stroke:var(--hair);stroke-width:1}.axis{stroke:var(--faint);stroke-width:1;fill:none}
.line{fill:none;stroke-width:2;stroke-linejoin:round}.bar{fill:none;stroke-width:1.4;opacity:.65}
.line.first,.bar.first{stroke:var(--first)}.line.second,.bar.second{stroke:var(--second);stroke-dasharray:7 4}
.line.guide{stroke:var(--faint);stroke-width:1.2;stroke-dasharray:3 4}
.dot.first{fill:var(--first)}.dot.second{fill:var(--second)}.mark{fill:var(--second);stroke:var(--paper);stroke-width:1.5}
.upright{stroke:var(--faint);stroke-width:1.2;stroke-dasharray:3 3}
svg .name{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:13px;padding-left:13%;color:var(--faint)}
.legend i{display:inline-block;width:22px;height:0;border-top:2px solid var(--first);margin-right:7px;
vertical-align:4px}
.legend i.second{border-top:2px dashed var(--second)}.legend i.guide{border-top:2px dotted var(--faint)}
.frame{fill:none;stroke:var(--hair)}.cell.right{fill:var(--right)}.cell.wrong{fill:var(--wrong)}
svg .number{fill:var(--word)}svg .number.strong{fill:var(--over)}
.sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:14px}
.card{background:var(--soft);border:1px solid var(--hair);border-radius:8px;padding:8px;text-align:center;
font-size:14px;overflow-wrap:anywhere;break-inside:avoid}
.card.taken{border:2px solid var(--second);padding:7px}
.picture{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:#0000;margin-bottom:4px}
.picture.tiny{image-rendering:pixelated}
.wrong{color:var(--second)}.card .wrong{fill:none}.small{color:var(--faint);font-size:12px;line-height:1.35}
.foot{color:var(--faint);font-size:13px;overflow-wrap:anywhere}
code{font:13px ui-monospace,"SF Mono",Consolas,"Liberation Mono",monospace}
"""
