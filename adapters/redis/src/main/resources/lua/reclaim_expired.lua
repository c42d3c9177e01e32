-- ARGV from 2: rescuer, lease in milliseconds, limit
-- Returns id, attempt, message, holder ('' = assumed leased), id, attempt, message, holder, ...
local rescuer, milliseconds, limit = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
proceed_when_memory_is_full()
local messages = {}
local bytes = 0
for _, id in ipairs(call('ZRANGEBYSCORE', LEASES, '-inf', now, 'LIMIT', 0, limit)) do
  if bytes >= MOST_BYTES then
    break
  end
  local _, attempt, rest = known(id)
  local body = call('HGET', BODIES, id)
  local priority, lane, holder = string.match(rest or '', '^(%d) ([^ ]+) ?(.*)$')
  if lane and body then
    lease(id, attempt, priority, lane, rescuer, milliseconds)
    messages[#messages + 1] = id
    messages[#messages + 1] = attempt
    messages[#messages + 1] = body
    messages[#messages + 1] = holder
    bytes = bytes + #body
  else
    if lane then
      count(lane, -1)
    end
    discard(id)
  end
end
settle()
return messages
