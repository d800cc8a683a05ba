import { expect, test } from 'vitest'
import { oncePerProcess } from '../../src/index.ts'

test('M31 M37 what is made of a promise is kept too, unless that rejects: then the next call tries again', async () => {
  const key = crypto.randomUUID()
  let attempts = 0
  const make = () =>
    oncePerProcess(key, async () => {
      if (++attempts === 1) throw new Error('the vault is down')
      return { attempts }
    })
  await expect(make()).rejects.toThrow('the vault is down')
  const made = await make()
  expect(made).toEqual({ attempts: 2 })
  expect(await make()).toBe(made)
})
