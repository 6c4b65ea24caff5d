import type { Language } from "../policy/policy.ts";
import { type Html, html } from "./html.ts";

/** A page that loads nothing and runs nothing, fit for printing. */
export function htmlDocument(language: Language, title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          body {
            max-width: 52rem;
            margin: 2rem auto;
            padding: 0 1rem;
            color: #1c2430;
            background: #fff;
            overflow-wrap: anywhere;
            font:
              15px/1.6 system-ui,
              "PingFang SC",
              "Microsoft YaHei",
              "Noto Sans CJK SC",
              sans-serif;
          }
          h1 {
            text-align: center;
            font-size: 1.7rem;
            letter-spacing: 0.05em;
          }
          h2 {
            font-size: 1.05rem;
            margin: 1.8rem 0 0.5rem;
            border-bottom: 1px solid #d5dbe3;
          }
          table {
            border-collapse: collapse;
            width: 100%;
          }
          th,
          td {
            border: 1px solid #d5dbe3;
            padding: 0.4rem 0.6rem;
            text-align: left;
            vertical-align: top;
          }
          th {
            background: #f4f6f9;
            font-weight: 600;
          }
          .facts th {
            width: 11rem;
          }
          small {
            color: #5a6675;
          }
          .claim {
            padding: 0.8rem 1rem;
            border-left: 4px solid #1f7a4d;
            background: #eef7f1;
          }
          .claim.partial {
            border-color: #b45309;
            background: #fdf5e6;
          }
          .failed,
          .accepted-by-store {
            color: #a12622;
          }
          pre {
            white-space: pre-wrap;
            padding: 0.6rem;
            background: #f4f6f9;
            font-size: 0.8rem;
          }
          .jws {
            font-size: 0.6rem;
          }
          footer {
            display: flex;
            gap: 1rem;
            margin-top: 2.5rem;
            break-inside: avoid;
          }
          footer span {
            flex: 1;
            height: 6rem;
            border: 1px dashed #9aa5b1;
            padding: 0.4rem;
            color: #5a6675;
          }
          @media screen and (max-width: 40rem) {
            h1 {
              letter-spacing: 0;
            }
            thead {
              position: absolute;
              clip-path: inset(50%);
            }
            tr,
            th,
            td,
            .facts th {
              display: block;
              width: auto;
            }
            tr {
              margin-bottom: 0.75rem;
            }
            td[data-label]::before {
              content: attr(data-label);
              display: block;
              color: #5a6675;
              font-size: 0.8rem;
            }
          }
          @media print {
            body {
              margin: 0;
              max-width: none;
              font-size: 11px;
            }
            tr {
              break-inside: avoid;
            }
            h2 {
              break-after: avoid;
            }
          }
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `;
}
