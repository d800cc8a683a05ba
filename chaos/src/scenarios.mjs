/**
 * What happens to the database, and what stays possible meanwhile. `begin` returns how it ends.
 *
 * @param isShort a run for CI: each takes a few seconds
 */
export function listScenarios(database, isShort) {
  return [
    {
      name: 'killed (kill -9)',
      seconds: 3,
      begin: async () => {
        await database.kill()
        return database.restart
      },
    },
    {
      name: 'hung (SIGSTOP)',
      seconds: isShort ? 5 : 10,
      begin: () => {
        database.stop()
        return database.goOn
      },
    },
    {
      name: 'read-only',
      seconds: isShort ? 3 : 10,
      // Who has a session goes on with it: it isn't extended, that is all.
      goesOn: ['page', 'session'],
      begin: async () => {
        await database.setReadOnly(true)
        return () => database.setReadOnly(false)
      },
    },
    { name: 'out of connections', seconds: isShort ? 3 : 10, begin: database.takeConnections },
    { name: 'sessions table locked', seconds: isShort ? 4 : 10, begin: () => database.lock('sessions') },
  ]
}
