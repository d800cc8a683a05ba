import { useQuery } from '@tanstack/react-query'
import { queryClient, trpc } from '../../trpc.ts'

/** With what the person can sign in. */
export function useWays() {
  const { data: ways = [] } = useQuery(trpc.auth.accounts.ways.queryOptions())
  const { data: accounts = [] } = useQuery(trpc.auth.accounts.list.queryOptions())
  return {
    hasPassword: ways.some(({ type }) => type === 'password'),
    /** Accounts at other services. */
    accounts,
    refresh: async () => {
      await queryClient.invalidateQueries({ queryKey: trpc.auth.accounts.ways.queryKey() })
      await queryClient.invalidateQueries({ queryKey: trpc.auth.accounts.list.queryKey() })
    },
  }
}
