/** Byte order (`C`) makes lists page in the order that S3 gives keys in. */
export const records = `
create table records (
  kind text collate "C" not null,
  account text collate "C" not null,
  region text collate "C" not null,
  id text collate "C" not null,
  owner text collate "C",
  revision bigint not null,
  value json not null,
  primary key (kind, account, region, id)
);
create index records_by_owner on records (kind, owner, id) where owner is not null;
create table leases (
  name text collate "C" primary key,
  holder text not null,
  epoch bigint not null,
  held_until timestamptz not null
);
`
