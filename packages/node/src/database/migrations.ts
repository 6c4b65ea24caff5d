import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from "kysely";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Tables } from "./tables.ts";

/**
 * Brings the tables up to date. Forward only: there is no way down.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when a step fails; nothing of that step stays.
 */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider,
    migrationTableName: "migration",
    migrationLockTableName: "migration_lock",
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "migration", cause: error });
}

const provider: MigrationProvider = {
  getMigrations: async () => ({
    "0001-house": statements(HOUSE),
    "0030-erasure-seal": statements(ERASURE_SEAL),
    "0080-device": statements(DEVICE),
    "0090-filing": statements(FILING),
    "0117-withdrawal": statements(WITHDRAWAL),
    "0120-postponement": statements(POSTPONEMENT),
    "0121-erasure-answer": statements(ERASURE_ANSWER),
    "0125-demand": statements(DEMAND),
    "0122-replay": statements(REPLAY),
  }),
};

function statements(texts: readonly string[]): Migration {
  return {
    async up(db) {
      for (const text of texts) await sql.raw(text).execute(db);
    },
  };
}

const HOUSE = [
  `create table subject (
    tenant text not null, lookup bytea not null, ref text not null, epoch integer not null,
    created_at timestamptz not null,
    primary key (tenant, lookup), unique (tenant, ref))`,
  `create table subject_epoch (tenant text primary key, next_epoch integer not null)`,
  `create table deployment_key (name text primary key, fingerprint bytea not null)`,
  `create table log_head (id smallint primary key check (id = 1), size bigint not null, frontier bytea not null)`,
  `insert into log_head (id, size, frontier) values (1, 0, '')`,
  `create table log_checkpoint (id smallint primary key check (id = 1), size bigint not null, note text not null)`,
  `create table log_leaf (leaf_index bigint primary key, leaf_hash bytea not null)`,
  `create table log_event (
    tenant text not null, leaf_index bigint not null unique, kind text not null, subject_ref text, dedupe_key text,
    topic text, denies boolean not null,
    body bytea not null, blinding bytea not null, statement text, recorded_at timestamptz not null,
    primary key (tenant, leaf_index), unique (tenant, dedupe_key))`,
  `create index log_event_subject on log_event (tenant, subject_ref, kind, leaf_index)`,
  `create index log_event_denials on log_event (tenant, subject_ref, topic, leaf_index) where denies`,
  `create table log_evidence (
    tenant text not null, leaf_index bigint not null, sealed bytea not null, keep_until timestamptz not null,
    primary key (tenant, leaf_index))`,
  `create table access_log (
    tenant text not null, id bigint generated always as identity, at timestamptz not null, subject_ref text,
    purpose text not null, categories text[] not null, permitted boolean not null, reason text, caller text not null,
    count integer not null, primary key (tenant, id))`,
  `create index access_log_at on access_log (tenant, at)`,
  `create table subject_request (
    tenant text not null, id text not null, subject_ref text not null, kind text not null, state text not null,
    request_key text, token_hash bytea not null, received_at timestamptz not null, due_at timestamptz not null,
    commitment text, commitment_salt bytea, commitment_salt_until timestamptz, sealed_subject bytea, run_salt bytea,
    certificate_id text, fence integer not null default 0, claimed_until timestamptz,
    primary key (tenant, id), unique (tenant, subject_ref, request_key))`,
  `create index subject_request_open on subject_request (tenant, subject_ref, state)`,
  `create table erasure_step (
    tenant text not null, request_id text not null, store text not null, record text not null,
    position integer not null, count_before integer, count_after integer, outcome text,
    read_path_proven boolean not null,
    remnants jsonb not null default '[]', until timestamptz, completed_at timestamptz,
    primary key (tenant, request_id, store, record))`,
  `create table certificate (
    tenant text not null, id text not null, request_id text not null, statement text not null,
    leaf_index bigint not null, issued_at timestamptz not null,
    primary key (tenant, id), unique (tenant, request_id))`,
  `create table breach (
    tenant text not null, id text not null, record jsonb not null, filed_at timestamptz not null,
    primary key (tenant, id))`,
];

/** Salts kept before lay in the clear: they are given up rather than sealed late. */
const ERASURE_SEAL = [
  `create table erasure_seal (
    tenant text not null, request_id text not null, sealed_subject bytea not null, run_salt bytea not null,
    primary key (tenant, request_id))`,
  `insert into erasure_seal (tenant, request_id, sealed_subject, run_salt)
    select tenant, id, sealed_subject, run_salt from subject_request
    where sealed_subject is not null and run_salt is not null`,
  `create table subject_request_key (
    tenant text not null, digest bytea not null, request_id text not null, primary key (tenant, digest))`,
  `create index subject_request_key_request on subject_request_key (tenant, request_id)`,
  `update subject_request set commitment_salt = null, commitment_salt_until = null`,
  `alter table subject_request drop column sealed_subject, drop column run_salt, drop column request_key`,
  `alter table erasure_step add column attempts integer not null default 0, add column fault text,
    add column description jsonb`,
];

/** A device is a subject without a name, until it is linked to a person. */
const DEVICE = [
  `alter table subject add column linked_to text`,
  `create index subject_linked_to on subject (tenant, linked_to) where linked_to is not null`,
];

const FILING = [
  `create table filing (
    tenant text not null, kind text not null, id text not null, record jsonb not null,
    filed_at timestamptz not null, ended_at timestamptz, primary key (tenant, kind, id))`,
  `alter table access_log add column recipient text`,
];

const WITHDRAWAL = [`alter table subject_request add column purpose text`];

const ERASURE_ANSWER = [`alter table erasure_step add column answer text`];

const DEMAND = [
  `create table demand (
    tenant text not null, id text not null, trigger jsonb not null, selector jsonb not null, order_id text not null,
    state text not null, opened_at timestamptz not null, due_at timestamptz not null, begins_at timestamptz not null,
    persons integer not null default 0, fence integer not null default 0, claimed_until timestamptz,
    certificate_id text, primary key (tenant, id))`,
  `alter table erasure_step add column erased bigint not null default 0`,
];

const POSTPONEMENT = [
  `alter table subject_request add column postponed_until timestamptz, add column postponed_reason text`,
];

const REPLAY = [
  `create table erasure_note (
    tenant text not null, request_id text not null, subject text not null, subject_ref text not null,
    epoch integer not null, done_at timestamptz, done_size bigint, primary key (tenant, request_id))`,
  `create table log_replay (id smallint primary key check (id = 1), snapshot_size bigint not null)`,
];
