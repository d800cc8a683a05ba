/** What happens to Redis. The database is the authority: nobody may notice. `begin` returns how it ends. */
export const redisFaults = ({ database, redis }, isShort) => [
  {
    name: 'Redis killed (kill -9)',
    proves: ['X02'],
    seconds: isShort ? 2 : 10,
    begin: async () => {
      await redis.kill()
      return redis.restart
    },
  },
  {
    name: 'Redis started again, empty',
    seconds: 2,
    begin: async () => {
      await redis.kill()
      await redis.restart()
      return () => {}
    },
  },
  {
    name: 'Redis hung (SIGSTOP)',
    seconds: isShort ? 3 : 10,
    begin: () => {
      redis.stop()
      return redis.goOn
    },
  },
  { name: 'Redis slow (up to 0.2 s)', seconds: isShort ? 2 : 10, begin: redis.slowDown },
  {
    name: 'both killed',
    seconds: 3,
    fails: true,
    begin: async () => {
      await Promise.all([redis.kill(), database.kill()])
      return () => Promise.all([redis.restart(), database.restart()])
    },
  },
]
