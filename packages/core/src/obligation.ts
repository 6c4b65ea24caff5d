export { LAW_ARTICLES, type LawArticle } from "./obligation/law-articles.ts";
export type { Obligation, ObligationKind, ObligationSource } from "./obligation/obligation.ts";
export { findObligation, OBLIGATIONS } from "./obligation/obligations.ts";
