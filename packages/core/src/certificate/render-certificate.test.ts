import { describe, expect, it } from "vitest";
import {
  certificateDraft,
  daysLater,
  erasedScope,
  ISSUED,
  keyDestroyedScope,
} from "./certificate.fixture.ts";
import { type DeletionCertificateDraft, deletionCertificate } from "./deletion-certificate.ts";
import { type CertificateRenderOptions, renderCertificateHtml } from "./render-certificate.ts";

const zh: CertificateRenderOptions = { language: "zh-CN" };
const en: CertificateRenderOptions = { language: "en" };
const rendered = (
  changes: Partial<DeletionCertificateDraft>,
  options: CertificateRenderOptions,
): string => renderCertificateHtml(deletionCertificate(certificateDraft(changes), ISSUED), options);

describe("renderCertificateHtml", () => {
  it("WX-4.7c: prints the confirmation with the number of the demand, the issuer, each store, and room for a seal", () => {
    const page = rendered(
      { trigger: { kind: "platform-demand", platform: "weixin", number: "TX-2026-17" } },
      zh,
    );
    const parts = [
      "<h1>个人信息删除确认书</h1>",
      "TX-2026-17",
      "微信小程序",
      "街角小店",
      "certificate-1",
      "2026-03-01 12:00:00 UTC",
      "shop-db",
      "盖章",
      "负责人",
    ];
    for (const part of parts) expect(page).toContain(part);
    expect(page).toContain('<html lang="zh-CN">');
    expect(rendered({}, en)).toContain("<h1>Deletion confirmation</h1>");
  });

  it("WX-4.7c: an open deletion never carries the title of a confirmation, and tells what is open first", () => {
    const scopes = [
      erasedScope({ store: "done-db" }),
      erasedScope({ store: "open-db", outcome: "failed", countAfter: 1 }),
    ];
    const page = rendered({ scopes }, zh);
    expect(page).toContain("<h1>个人信息删除进展说明</h1>");
    expect(page).not.toContain("<title>个人信息删除确认书</title>");
    expect(page).not.toContain("<h1>个人信息删除确认书</h1>");
    expect(page.indexOf("open-db")).toBeLessThan(page.indexOf("done-db"));
    expect(page).toContain("删除失败");
    expect(rendered({ scopes }, en)).toContain("<h1>Deletion progress statement</h1>");
  });

  it("takes the title from the outcomes, whatever the claim says", () => {
    const certificate = deletionCertificate(
      certificateDraft({ scopes: [erasedScope({ outcome: "accepted-by-store" })] }),
      ISSUED,
    );
    expect(renderCertificateHtml({ ...certificate, claim: "deleted" }, zh)).toContain(
      "<h1>个人信息删除进展说明</h1>",
    );
  });

  it("names the ground of a person's request only where the certificate does", () => {
    const trigger = { kind: "subject-request", requestId: "request-1" } as const;
    expect(rendered({ trigger: { ...trigger, ground: 3 } }, en)).toContain(
      "Request of the person (PIPL article 47): the person withdrew consent",
    );
    const page = rendered({ trigger }, en);
    expect(page).toContain("<td>Request of the person (PIPL article 47)</td>");
    expect(page).not.toContain("undefined");
  });

  it("is punctuated as its language is", () => {
    expect(rendered({}, zh)).toContain("街角小店（个人信息处理者）");
    expect(rendered({}, zh)).toContain("另行读取：通过");
    expect(rendered({}, en)).toContain("Corner Shop (controller)");
    expect(rendered({}, en)).toContain("read back: passed");
  });

  it("names what is kept, why, until when, and what was and was not proven", () => {
    const page = rendered(
      {
        scopes: [
          erasedScope({
            outcome: "retained-by-law",
            retentionBasis: { en: "Accounting Act" },
            until: daysLater(3650),
          }),
          keyDestroyedScope(),
        ],
        backups: {
          policy: "rotation",
          keepDays: 7,
          lastContainingBackup: daysLater(-1),
          expiresAt: daysLater(6),
          restoreGuard: false,
        },
        processors: [
          { name: { en: "Courier" }, requestId: "order-1", confirmation: "awaited" },
          { name: { en: "Printer" }, confirmation: "not-told" },
        ],
      },
      en,
    );
    const parts = [
      "Accounting Act",
      "only stored and kept secure",
      "2036-02-27 12:00:00 UTC",
      "the ciphertext remains",
      "does not repeat",
      "Courier: not confirmed yet (order-1)",
      "Printer: not told to delete; may still hold the data\n",
      "What this does not prove",
      "no log checkpoint",
    ];
    for (const part of parts) expect(page).toContain(part);
    expect(page).not.toContain("undefined");
  });

  it("escapes every value, and holds no script and nothing to load", () => {
    const nasty = `<script>alert("1")</script><img src=x onerror='x'>&`;
    const page = rendered(
      {
        certificateId: nasty,
        issuer: {
          ...certificateDraft().issuer,
          name: { en: nasty },
          contact: { url: nasty },
          keyThumbprint: nasty,
        },
        trigger: { kind: "platform-demand", platform: "weixin", number: nasty },
        scopes: [
          erasedScope({
            store: nasty,
            record: nasty,
            dataCategories: [nasty],
            tool: nasty,
            remnants: [{ where: nasty, until: daysLater(1) }],
          }),
        ],
        processors: [{ name: { en: nasty }, requestId: nasty, confirmation: "awaited" }],
      },
      { ...en, jws: nasty },
    );
    expect(page).not.toMatch(/<script|<img|<link|<iframe|https?:\/\//i);
    expect(page).toContain("&#60;script&#62;alert(&#34;1&#34;)");
  });

  it("prints the signed form and the names of categories when they are given", () => {
    const page = rendered(
      {},
      { ...zh, jws: "aaa.bbb.ccc", categoryLabels: { phone: { "zh-CN": "手机号", en: "Phone" } } },
    );
    expect(page).toContain("aaa.bbb.ccc");
    expect(page).toContain("手机号、address");
    expect(rendered({}, zh)).not.toContain('class="jws"');
  });
});
