import { defineScript, type Script } from '../client/script.ts'

/**
 * Counts an attempt in the window of its key, or begins one. `w` names the window, so that what is taken back later meets no other one.
 * Arguments: the limit, milliseconds of a window, the time, and a name for a new window. Returns whether it is allowed, the window's name, and
 * the milliseconds until the window ends.
 */
export const countAttempt: Script = defineScript(`
local limit, length, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', KEYS[1], 'w', 'c', 'e')
local window, count, ends = known[1], tonumber(known[2]), tonumber(known[3])
local isNew = not ends or ends <= now
if isNew then window, count, ends = ARGV[4], 0, now + length end
if count >= limit then return { '0', window, string.format('%.0f', ends - now) } end
if isNew then
  redis.call('HSET', KEYS[1], 'w', window, 'c', 1, 'e', string.format('%.0f', ends))
  redis.call('PEXPIRE', KEYS[1], length)
else
  redis.call('HINCRBY', KEYS[1], 'c', 1)
end
return { '1', window, string.format('%.0f', ends - now) }`)

/** Takes one attempt back from the window that it was counted in. */
export const undoAttempt: Script = defineScript(`
local known = redis.call('HMGET', KEYS[1], 'w', 'c')
if known[1] == ARGV[1] and tonumber(known[2]) > 0 then redis.call('HINCRBY', KEYS[1], 'c', -1) end
return {}`)
