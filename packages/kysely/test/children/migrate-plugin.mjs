import { nullable, table, text, user } from '@latchkey/core'
import { connect } from './connect.mjs'

const rows = table({ id: text(), owner: user(), remark: nullable(text(), { since: 2 }) }, { unique: [['id']] })
const { db, migrateToLatest } = await connect(process.argv.slice(2))
console.log(JSON.stringify(await migrateToLatest(db, { plugins: [{ id: 'child', tables: { rows } }] })))
await db.destroy()
