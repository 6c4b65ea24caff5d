/** An article of law that code or tests name. Not counted among the platforms' rows, and no legal advice. */
export interface LawArticle {
  /** `PIPL`: Personal Information Protection Law; `REG`: Network Data Security Management Regulations; `GDPR`. */
  readonly id: string;
  /** What it is about, in our words. */
  readonly subject: string;
}

/** The articles that are named somewhere. */
export const LAW_ARTICLES: readonly LawArticle[] = [
  { id: "PIPL-6", subject: "clear purpose, least data and least impact" },
  { id: "PIPL-13", subject: "grounds for handling personal information" },
  { id: "PIPL-14", subject: "consent is informed, voluntary and explicit; a change asks again" },
  { id: "PIPL-15", subject: "consent can be withdrawn, as easily as given" },
  { id: "PIPL-16", subject: "no service is refused for a refused consent it does not need" },
  { id: "PIPL-17", subject: "what a notice must say" },
  { id: "PIPL-19", subject: "kept for the shortest time the purpose needs" },
  { id: "PIPL-21", subject: "entrusting a processor" },
  { id: "PIPL-23", subject: "giving data to another handler needs notice and separate consent" },
  { id: "PIPL-28", subject: "sensitive personal information" },
  { id: "PIPL-29", subject: "sensitive personal information needs separate consent" },
  { id: "PIPL-30", subject: "its necessity and impact are told" },
  { id: "PIPL-31", subject: "below fourteen a parent or guardian consents" },
  { id: "PIPL-38", subject: "the conditions for giving data abroad" },
  { id: "PIPL-39", subject: "giving data abroad needs notice and separate consent" },
  { id: "PIPL-44", subject: "the right to know, decide, restrict and refuse" },
  { id: "PIPL-45", subject: "the right to see, copy and transfer" },
  { id: "PIPL-46", subject: "the right to correct and complete" },
  { id: "PIPL-47", subject: "when data is deleted, and what happens while it cannot be" },
  { id: "PIPL-48", subject: "the right to have the rules explained" },
  { id: "PIPL-49", subject: "rights of relatives after death" },
  { id: "PIPL-50", subject: "a convenient way to exercise rights, reasons for a refusal" },
  { id: "PIPL-57", subject: "what is done and told when data leaks" },
  { id: "PIPL-73", subject: "what anonymized and de-identified mean" },
  {
    id: "REG-21",
    subject: "rules are told as a list, with retention, cancellation and withdrawal",
  },
  {
    id: "REG-22",
    subject: "consent: no over-collection, separate for sensitive data, no frequent asking",
  },
  { id: "GDPR-33", subject: "the authority is told within 72 hours" },
  { id: "GDPR-34", subject: "persons are told without undue delay" },
];
