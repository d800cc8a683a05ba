import { defineScript, type Script } from '../client/script.ts'

/**
 * What the server is now. Its `run_id` is another one after a restart and on a replica that has taken over: what was written before that may
 * be lost. `last` is the id of the stream's last entry, trimmed or not.
 */
const SERVER = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = '0-0'
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
end`

/** Returns the server's `run_id`, its time in milliseconds, and the id of the stream's last entry. */
export const readState: Script = defineScript(`${SERVER}
return { run, string.format('%.0f', now), last }`)

/**
 * Appends messages, and deletes old ones. Each entry names the one before it, so that a reader sees whether it has missed any, and the run of
 * the server that took it. Arguments: how many entries are kept, for how many milliseconds, and the messages.
 */
export const appendMessages: Script = defineScript(`${SERVER}
for i = 3, #ARGV do
  last = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'm', ARGV[i], 'p', last, 'r', run)
end
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', now - ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { run }`)
