/** What happens to the database, and what stays possible meanwhile. `begin` returns how it ends. */
export const databaseFaults = ({ database }, isShort) => [
  {
    name: 'killed (kill -9)',
    proves: ['X01', 'X03'],
    seconds: 3,
    fails: true,
    begin: async () => {
      await database.kill()
      return database.restart
    },
  },
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
