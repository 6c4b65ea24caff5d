import canonicalize from "canonicalize";
import { bench, describe } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { type CanonicalShape, compileCanonicalShape } from "./canonical-shape.ts";

const certificate = {
  certificateId: "0b6f4f0c-7c53-4f5e-9f0e-1f8f0a3b9f77",
  claim: "deleted",
  issuedAt: "2026-11-24T08:00:00.000Z",
  scopes: [
    { store: "shop", record: "order", outcome: "verified-absent", countBefore: 3, countAfter: 0 },
    { store: "notes", record: "note", outcome: "verified-absent", countBefore: 1, countAfter: 0 },
  ],
  subjectCommitment: "2b3ccb4e76fcd76034242976d845f9dd7b744b020325e26cd69b132cdb03dea7",
  type: "deletion-certificate",
};
const shape: CanonicalShape = {
  object: {
    certificateId: "string",
    claim: "string",
    issuedAt: "string",
    scopes: {
      array: {
        object: {
          store: "string",
          record: "string",
          outcome: "string",
          countBefore: "number",
          countAfter: "number",
        },
      },
    },
    subjectCommitment: "string",
    type: "string",
  },
};
const hundred = Array.from({ length: 100 }, () => certificate);
const writeOne = compileCanonicalShape(shape);
const writeMany = compileCanonicalShape({ array: shape });

for (const [name, value, write] of [
  ["one certificate", certificate, writeOne],
  ["100 certificates", hundred, writeMany],
] as const) {
  describe(name, () => {
    bench("JSON.stringify (limit)", () => void JSON.stringify(value));
    bench("compiled shape", () => void write(value));
    bench("canonicalJson", () => void canonicalJson(value));
    bench("canonicalize (peer)", () => void canonicalize(value));
  });
}
