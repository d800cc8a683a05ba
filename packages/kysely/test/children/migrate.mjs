import { connect } from './connect.mjs'

const { db, migrateToLatest } = await connect(process.argv.slice(2))
console.log(JSON.stringify(await migrateToLatest(db)))
await db.destroy()
