import { PrismaLibSQL } from '@prisma/adapter-libsql'
import { PrismaPg } from '@prisma/adapter-pg'

const { PUSH_SCHEMA, PUSH_URL = '', PUSH_PROVIDER } = process.env

/** `"char"`, `name` and `name[]` of PostgreSQL's catalogue, which this release of the adapter can't read, as texts. */
const READ_AS = new Map([
  [18, 25],
  [19, 25],
  [1003, 1009],
])

class CataloguePg extends PrismaPg {
  async connect() {
    return readCatalogue(await super.connect())
  }
}

function readCatalogue(adapter) {
  const pool = adapter.client
  const query = pool.query.bind(pool)
  pool.query = async (...args) => {
    const result = await query(...args)
    for (const field of result.fields) field.dataTypeID = READ_AS.get(field.dataTypeID) ?? field.dataTypeID
    return result
  }
  return adapter
}

function openAdapter() {
  if (PUSH_PROVIDER === 'sqlite') return new PrismaLibSQL({ url: PUSH_URL })
  const schema = new URL(PUSH_URL).searchParams.get('options').split('=')[1]
  return new CataloguePg({ connectionString: PUSH_URL }, { schema })
}

export default {
  schema: PUSH_SCHEMA,
  engine: 'js',
  experimental: { adapter: true },
  adapter: async () => openAdapter(),
}
