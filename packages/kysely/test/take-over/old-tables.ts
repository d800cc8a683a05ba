// The tables of Auth.js's adapters, as their documentation and their default schemas have them.

export const KYSELY = {
  sqlite: `
    create table "User" (id varchar primary key, name text, email text not null unique, "emailVerified" timestamptz, image text);
    create table "Account" (
      id text, "userId" text not null references "User" (id) on delete cascade, type text not null, provider text not null,
      "providerAccountId" text not null, refresh_token text, access_token text, expires_at bigint, token_type text, scope text,
      id_token text, session_state text
    );
    create table "Session" (
      id text, "userId" text not null references "User" (id) on delete cascade,
      "sessionToken" text not null unique, expires timestamptz not null
    )`,
  postgres: `
    create table "User" (
      id uuid primary key default gen_random_uuid(), name text, email text not null unique, "emailVerified" timestamptz, image text
    );
    create table "Account" (
      id uuid primary key default gen_random_uuid(), "userId" uuid not null references "User" (id) on delete cascade,
      type text not null, provider text not null, "providerAccountId" text not null, refresh_token text, access_token text,
      expires_at bigint, token_type text, scope text, id_token text, session_state text
    );
    create table "Session" (
      id uuid primary key default gen_random_uuid(), "userId" uuid not null references "User" (id) on delete cascade,
      "sessionToken" text not null unique, expires timestamptz not null
    )`,
  mysql: `
    create table \`User\` (
      id varchar(36) primary key default (uuid()), name varchar(255), email varchar(255) not null unique,
      emailVerified datetime(3), image varchar(255)
    );
    create table \`Account\` (
      id varchar(36) primary key default (uuid()), userId varchar(36) not null, type varchar(255) not null,
      provider varchar(255) not null, providerAccountId varchar(255) not null, refresh_token varchar(255),
      access_token varchar(255), expires_at bigint, token_type varchar(255), scope varchar(255), id_token varchar(255),
      session_state varchar(255), foreign key (userId) references \`User\` (id) on delete cascade
    );
    create table \`Session\` (
      id varchar(36) primary key default (uuid()), userId varchar(36) not null, sessionToken varchar(255) not null unique,
      expires datetime(3) not null, foreign key (userId) references \`User\` (id) on delete cascade
    )`,
} as const

export const DRIZZLE = {
  sqlite: `
    create table user (id text primary key not null, name text, email text unique, emailVerified integer, image text);
    create table account (
      userId text not null references user (id) on delete cascade, type text not null, provider text not null,
      providerAccountId text not null, refresh_token text, access_token text, expires_at integer, token_type text, scope text,
      id_token text, session_state text, primary key (provider, providerAccountId)
    );
    create table session (
      sessionToken text primary key not null, userId text not null references user (id) on delete cascade,
      expires integer not null
    )`,
  postgres: `
    create table "user" (id text primary key, name text, email text unique, "emailVerified" timestamp, image text);
    create table account (
      "userId" text not null references "user" (id) on delete cascade, type text not null, provider text not null,
      "providerAccountId" text not null, refresh_token text, access_token text, expires_at integer, token_type text, scope text,
      id_token text, session_state text, primary key (provider, "providerAccountId")
    );
    create table session (
      "sessionToken" text primary key, "userId" text not null references "user" (id) on delete cascade, expires timestamp not null
    )`,
  mysql: `
    create table user (
      id varchar(255) primary key, name varchar(255), email varchar(255) unique, emailVerified timestamp(3) null,
      image varchar(255)
    );
    create table account (
      userId varchar(255) not null, type varchar(255) not null, provider varchar(255) not null,
      providerAccountId varchar(255) not null, refresh_token varchar(255), access_token varchar(255), expires_at int,
      token_type varchar(255), scope varchar(255), id_token varchar(2048), session_state varchar(255),
      primary key (provider, providerAccountId), foreign key (userId) references user (id) on delete cascade
    );
    create table session (
      sessionToken varchar(255) primary key, userId varchar(255) not null, expires timestamp not null,
      foreign key (userId) references user (id) on delete cascade
    )`,
} as const

/** As `prisma migrate` makes them of the schema in Auth.js's documentation. */
export const PRISMA = {
  sqlite: `
    create table "User" (id text primary key not null, name text, email text, "emailVerified" datetime, image text);
    create unique index "User_email_key" on "User" (email);
    create table "Account" (
      id text primary key not null, "userId" text not null references "User" (id) on delete cascade on update cascade,
      type text not null, provider text not null, "providerAccountId" text not null, refresh_token text, access_token text,
      expires_at integer, token_type text, scope text, id_token text, session_state text
    );
    create unique index "Account_provider_key" on "Account" (provider, "providerAccountId");
    create table "Session" (
      id text primary key not null, "sessionToken" text not null, "userId" text not null references "User" (id) on delete cascade,
      expires datetime not null
    );
    create unique index "Session_sessionToken_key" on "Session" ("sessionToken")`,
  postgres: `
    create table "User" (id text primary key, name text, email text unique, "emailVerified" timestamp(3), image text);
    create table "Account" (
      id text primary key, "userId" text not null references "User" (id) on delete cascade, type text not null,
      provider text not null, "providerAccountId" text not null, refresh_token text, access_token text, expires_at integer,
      token_type text, scope text, id_token text, session_state text, unique (provider, "providerAccountId")
    );
    create table "Session" (
      id text primary key, "sessionToken" text not null unique, "userId" text not null references "User" (id) on delete cascade,
      expires timestamp(3) not null
    )`,
  mysql: `
    create table \`User\` (
      id varchar(191) primary key, name varchar(191), email varchar(191) unique, emailVerified datetime(3), image varchar(191)
    ) default character set utf8mb4 collate utf8mb4_unicode_ci;
    create table \`Account\` (
      id varchar(191) primary key, userId varchar(191) not null, type varchar(191) not null, provider varchar(191) not null,
      providerAccountId varchar(191) not null, refresh_token text, access_token text, expires_at int, token_type varchar(191),
      scope varchar(191), id_token text, session_state varchar(191), unique (provider, providerAccountId),
      foreign key (userId) references \`User\` (id) on delete cascade
    ) default character set utf8mb4 collate utf8mb4_unicode_ci;
    create table \`Session\` (
      id varchar(191) primary key, sessionToken varchar(191) not null unique, userId varchar(191) not null,
      expires datetime(3) not null, foreign key (userId) references \`User\` (id) on delete cascade
    ) default character set utf8mb4 collate utf8mb4_unicode_ci`,
} as const
