import type { User } from '@latchkey/core'

export declare function findByBadge(number: string): Promise<User | null>
