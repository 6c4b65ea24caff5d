/** What makes the shop's tables on PostgreSQL where they are missing. */
export const POSTGRES_TABLES = [
  `create table if not exists orders (
    id text primary key, member_id text not null, item text not null, phone text not null, address text not null,
    allergy text, closed_at text)`,
  "create table if not exists pickups (code text primary key, item text not null)",
  "create index if not exists orders_member on orders (member_id)",
];

/** The same on MySQL and MariaDB, where `Lin` is another person than `lin`. */
export const MYSQL_TABLES = [
  `create table if not exists orders (
    id varchar(64) primary key, member_id varchar(128) not null, item varchar(80) not null, phone varchar(20) not null,
    address varchar(200) not null, allergy varchar(200), closed_at varchar(40), index orders_member (member_id))
    character set utf8mb4 collate utf8mb4_bin`,
  `create table if not exists pickups (code varchar(20) primary key, item varchar(80) not null)
    character set utf8mb4 collate utf8mb4_bin`,
];
