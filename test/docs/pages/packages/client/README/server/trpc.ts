export type { Router as AppRouter } from '../../../../../app/trpc.ts'
