import type { PrismaClientLike } from '@latchkey/prisma'

/** A client as the app's own generator makes it. */
interface PrismaClient extends PrismaClientLike {
  $transaction<T>(run: (tx: PrismaClientLike) => Promise<T>): Promise<T>
}

export declare const prisma: PrismaClient
