import { describeWith, findMariadb, findPostgres } from '../services.ts'
import { createMariadb } from '../support/mariadb.ts'
import { createPostgres } from '../support/postgres.ts'
import { createSqlite } from '../support/sqlite.ts'
import { describeAuthJsSuite } from './suite.ts'

const postgres = await findPostgres()
const mariadb = await findMariadb()

describeAuthJsSuite('SQLite', createSqlite)
describeWith(postgres, 'PostgreSQL', () => describeAuthJsSuite('PostgreSQL', () => createPostgres(postgres)))
describeWith(mariadb, 'MariaDB', () => describeAuthJsSuite('MariaDB', () => createMariadb(mariadb)))
