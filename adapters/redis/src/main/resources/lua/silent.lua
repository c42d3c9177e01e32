-- ARGV from 2: rescuer, lease in milliseconds, limit
-- Returns the messages.
local rescuer, milliseconds, limit = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
proceed_when_memory_is_full()
local messages = {}
for _, id in ipairs(call('ZRANGEBYSCORE', LEASES, '-inf', now, 'LIMIT', 0, limit)) do
  local _, attempt, rest = known(id)
  local body = call('HGET', BODIES, id)
  if attempt and body then
    local priority, queue = string.match(rest, '^(%d) ([^ ]+)')
    lease(id, attempt, priority, queue, rescuer, milliseconds)
    messages[#messages + 1] = body
  else
    lose(id)
  end
end
return messages
