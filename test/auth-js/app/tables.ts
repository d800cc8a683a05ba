// The tables as each adapter's documentation has them.

export const KYSELY_SQLITE = `
  create table "User" (id text primary key, name text, email text unique not null, "emailVerified" text, image text);
  create table "Session" (
    id text, "userId" text not null references "User" (id) on delete cascade,
    "sessionToken" text not null unique, expires text not null
  );
`

export const KYSELY_POSTGRES = `
  create table "User" (id uuid primary key, name text, email text unique not null, "emailVerified" timestamptz, image text);
  create table "Session" (
    id uuid primary key default gen_random_uuid(), "userId" uuid not null references "User" (id) on delete cascade,
    "sessionToken" text not null unique, expires timestamptz not null
  );
`

export const DRIZZLE_SQLITE = `
  create table user (id text primary key, name text, email text unique, "emailVerified" integer, image text);
  create table session (
    "sessionToken" text primary key, "userId" text not null references user (id) on delete cascade, expires integer not null
  );
`

export const DRIZZLE_POSTGRES = `
  create table "user" (id text primary key, name text, email text unique, "emailVerified" timestamp, image text);
  create table session (
    "sessionToken" text primary key, "userId" text not null references "user" (id) on delete cascade, expires timestamp not null
  );
`

export const PG = `
  create table users (id serial primary key, name varchar(255), email varchar(255) unique, "emailVerified" timestamptz, image text);
  create table accounts (
    id serial primary key, "userId" integer not null, type varchar(255) not null, provider varchar(255) not null,
    "providerAccountId" varchar(255) not null
  );
  create table sessions (
    id serial primary key, "userId" integer not null references users (id) on delete cascade,
    expires timestamptz not null, "sessionToken" varchar(255) not null
  );
`
