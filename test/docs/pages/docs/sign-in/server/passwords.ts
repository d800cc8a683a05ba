import type { User } from '@latchkey/core'

export declare function changePassword(userId: string, current: string, next: string): Promise<User | null>
