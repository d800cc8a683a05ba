import { describe } from 'vitest'
import { describeWith, findMariadb, findPostgres } from './services.ts'
import { describeInjection } from './support/injection.ts'
import { createMariadb } from './support/mariadb.ts'
import { createPostgres } from './support/postgres.ts'
import { createSqlite } from './support/sqlite.ts'

const postgres = await findPostgres()
const mariadb = await findMariadb()

describe('injection on SQLite', () => describeInjection(createSqlite))
describeWith(postgres, 'injection on PostgreSQL', () => describeInjection(() => createPostgres(postgres)))
describeWith(mariadb, 'injection on MariaDB', () => describeInjection(() => createMariadb(mariadb)))
