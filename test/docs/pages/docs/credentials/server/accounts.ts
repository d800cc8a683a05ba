interface AppAccount {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly passwordHash: string
}

export declare function findAccount(email: string): Promise<AppAccount | undefined>
