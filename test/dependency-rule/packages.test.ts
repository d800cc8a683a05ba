import { expect, test } from 'vitest'
import { type Import, PACKAGES, readImports } from './imports.ts'

/** What the source of each package may import from outside of it; a rule for a folder or a file comes before that of its package. */
const RULES: readonly (readonly [files: RegExp, may: RegExp])[] = [
  // Runs in browsers, as @latchkey/core/session.
  [/^core\/roles\/index\.ts$/, /^$/],
  // What Node does better than WebCrypto stands behind a condition of its own, so that core runs without Node.
  [/^core\/(?:token\/(?:opener|box)|internal\/sha256)-node\.ts$/, /^node:(?:crypto|buffer)$/],
  [/^core\/token\//, /^(?:#runtime|jose(?:\/.+)?)$/],
  [/^core\/(?:bus\/sealed-messages|sign-in\/attempt-keys)\.ts$/, /^#runtime$/],
  [/^core\//, /^$/],
  [/^trpc\//, /^@latchkey\/core$|^@trpc\/server(?:\/.+)?$/],
  [/^client\/react\//, /^react$|^@latchkey\/core(?:\/session)?$|^@trpc\/(?:client|server)$/],
  [/^client\//, /^@latchkey\/core(?:\/session)?$|^@trpc\/(?:client|server|server\/observable)$/],
  [
    /^kysely\//,
    /^@latchkey\/core(?:\/store)?$|^kysely(?:\/.+)?$|^libsql$|^better-sqlite3$|^node:sqlite$|^cloudflare:workers$/,
  ],
  [/^(?:api-keys|email)\//, /^@latchkey\/core$|^zod\/mini$/],
  // What needs Node or native code stands behind a condition of its own.
  [/^password\/hashing\/argon2id\.ts$/, /^@latchkey\/core$|^@node-rs\/argon2$/],
  [/^password\/hashing\/scrypt\.ts$/, /^@latchkey\/core$|^node:crypto$/],
  [/^password\/legacy\/bcrypt\.ts$/, /^@latchkey\/core$|^@node-rs\/bcrypt$/],
  [/^password\/(?:index|plugin)\.ts$/, /^@latchkey\/core$|^#native$/],
  [/^password\//, /^@latchkey\/core$|^zod\/mini$/],
  // What apps load in browsers has nothing of the server.
  [/^passkey\/client\//, /^@simplewebauthn\/browser$/],
  // The protocol stands in these folders: the rest of the package, presets included, has no part of it.
  [/^oauth\/(?:grant|person|server|tokens)\//, /^@latchkey\/core$|^oauth4webapi$/],
  [/^oauth\//, /^@latchkey\/core$|^zod\/mini$/],
  [/^totp\/code\.ts$/, /^otpauth$/],
  [/^totp\//, /^@latchkey\/core$|^zod\/mini$/],
  [/^passkey\//, /^@latchkey\/core$|^@simplewebauthn\/server(?:\/helpers)?$|^zod\/mini$/],
  [/^cli\//, /^@latchkey\/kysely\/migrate$|^kysely$|^node:(?:crypto|fs|fs\/promises|module|path|process|url|util)$/],
  [/^prisma\//, /^@latchkey\/(?:core|kysely)$|^kysely$/],
  [/^drizzle\/schema\//, /^@latchkey\/core(?:\/store)?$|^@latchkey\/kysely$|^drizzle-orm(?:\/.+)?$/],
  [/^drizzle\//, /^@latchkey\/(?:core|kysely)$|^kysely$/],
  // Runs where sockets do. The clients are the app's: nothing of them is imported.
  [/^redis\//, /^@latchkey\/core$|^node:(?:crypto|v8)$/],
  [/^superjson\//, /^@latchkey\/(?:core|trpc)$|^@trpc\/server$/],
]

test.each(PACKAGES)('%s imports what docs/architecture.md has an arrow for, and nothing else', (name) => {
  const refused = readImports(name).filter((found) => isOutside(found) && !mayImport(`${name}/${found.from}`, found.to))
  expect(refused).toEqual([])
})

test.each([
  ['core/token/seal.ts', 'jose'],
  ['core/token/opener-node.ts', 'node:crypto'],
  ['trpc/mount.ts', '@trpc/server'],
  ['superjson/errors.ts', '@latchkey/trpc'],
  ['client/link/auth-link.ts', '@trpc/client'],
  ['client/react/is-authorized.ts', '@latchkey/core/session'],
  ['kysely/users.ts', 'kysely'],
  ['prisma/driver.ts', 'kysely'],
  ['cli/tables/record.ts', '@latchkey/kysely/migrate'],
])('%s may import %s', (file, name) => {
  expect(mayImport(file, name)).toBe(true)
})

test.each([
  ['core/auth.ts', '@latchkey/trpc'],
  ['core/errors.ts', '@trpc/server/http'],
  ['core/http/handler.ts', 'node:crypto'],
  ['core/session/jwt.ts', 'jose'],
  ['core/config/options.ts', 'zod'],
  ['core/roles/index.ts', '@latchkey/core'],
  ['trpc/mount.ts', '@latchkey/kysely'],
  ['trpc/context/create.ts', 'jose'],
  ['client/link/auth-link.ts', 'react'],
  ['client/tokens/store.ts', 'node:fs'],
  ['client/react/create.tsx', '@tanstack/react-query'],
  ['kysely/adapter.ts', '@trpc/server'],
  ['prisma/client.ts', '@prisma/client'],
  ['cli/plugins/built-in.ts', '@latchkey/password'],
  ['passkey/client/sign-in.ts', '@simplewebauthn/server'],
  ['passkey/plugin.ts', '@simplewebauthn/browser'],
  ['totp/plugin.ts', 'otpauth'],
  ['oauth/presets/google.ts', 'oauth4webapi'],
  ['oauth/from-auth-js/from-auth-js.ts', '@auth/core/providers'],
  ['api-keys/plugin.ts', '@trpc/server'],
  ['api-keys/plugin.ts', '@latchkey/kysely'],
  ['redis/bus/redis-bus.ts', 'ioredis'],
])('%s may not import %s', (file, name) => {
  expect(mayImport(file, name)).toBe(false)
})

function mayImport(file: string, name: string): boolean {
  return RULES.find(([files]) => files.test(file))?.[1].test(name) ?? false
}

/** Not a file of the same package. One that climbs out of it is meant too. */
function isOutside({ to }: Import): boolean {
  return to.startsWith('..') || !/\.tsx?$/.test(to)
}
