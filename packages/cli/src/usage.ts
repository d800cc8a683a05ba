/** What `latchkey --help` prints. */
export const USAGE = `Usage: latchkey <command>

  latchkey secret
      Prints a new secret for AUTH_SECRET: 33 random bytes in base64.

  latchkey generate prisma [options]
      Writes the models of Latchkey's tables into the Prisma schema. Models that are there are
      completed where they stand; your own models and fields are left alone.

      --plugins <list>    The plug-ins of the app: password, totp, passkey, apiKeys, oauth, emailCode,
                          magicLink, changeEmail, attempts, bus; or the path of a module that
                          exports plugins. With commas between them.
      --schema <path>     The schema: a file, or a folder of files. Default: where Prisma looks.
      --provider <name>   postgresql, mysql or sqlite. Default: that of the datasource.
      --tables <names>    Other names for the tables: users=people,sessions=logins
      --check             Writes nothing; exits with 1 if something would be written.

  latchkey --help
      Prints this.

Exit codes: 0 done, 1 --check found a difference, 2 something to put right.`
