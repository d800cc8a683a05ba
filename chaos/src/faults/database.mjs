const KILLS = 10

/** What happens to the database, and what stays possible meanwhile. `begin` returns how it ends. */
export const databaseFaults = ({ database }, isShort) => [
  ...killed(database, isShort ? 1 : KILLS),
  {
    name: 'hung (SIGSTOP)',
    seconds: isShort ? 4 : 10,
    fails: true,
    begin: () => {
      database.stop()
      return database.goOn
    },
  },
  {
    name: 'read-only',
    proves: ['X05'],
    seconds: isShort ? 2 : 10,
    fails: true,
    // Who has a session goes on with it: it isn't extended, that is all.
    goesOn: ['page', 'session'],
    begin: async () => {
      await database.setReadOnly(true)
      return () => database.setReadOnly(false)
    },
  },
  { name: 'out of connections', seconds: isShort ? 2 : 10, fails: true, begin: database.takeConnections },
  { name: 'sessions table locked', seconds: isShort ? 3 : 10, fails: true, begin: () => database.lock('sessions') },
]

function killed(database, times) {
  return Array.from({ length: times }, (_, index) => ({
    name: `killed (kill -9), ${index + 1} of ${times}`,
    proves: ['X01', 'X03'],
    seconds: 3,
    fails: true,
    begin: async () => {
      await database.kill()
      return database.restart
    },
  }))
}
