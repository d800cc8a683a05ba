import Database from 'libsql'

// Holds the file's lock until it is told to let go.
const database = new Database(process.argv[2])
database.exec('pragma busy_timeout = 10000')
database.exec('begin immediate')
process.once('message', () => {
  database.exec('rollback')
  database.close()
  process.disconnect()
})
process.send('held')
