/** What one instance of two is cut off from. `begin` returns how it ends. */
export const networkFaults = ({ networks: [, network] }, isShort) => [
  {
    name: 'instance 2 cut off from Redis',
    seconds: isShort ? 2 : 10,
    begin: () => {
      network.redis.cut()
      return network.redis.mend
    },
  },
  {
    name: 'instance 2 cut off from the database',
    seconds: isShort ? 2 : 10,
    fails: true,
    begin: () => {
      network.database.cut()
      return network.database.mend
    },
  },
]
