-- ARGV from 2: version, then field, value, field, value, ...
-- Puts limits in force, unless later ones are, and counts anew what runs.
local version = tonumber(ARGV[2])
if tonumber(call('HGET', LIMITS, 'version') or 0) >= version then
  return 0
end

local function rate_of(field)
  local queue = string.match(field, '^group/([^/]+)/')
  local limits = limits_of(queue and 'queue/' .. queue or field)
  if queue then
    limits = limits and limits.of_group
  end
  return limits and limits.rate or nil
end

-- How many tokens are missing in each bucket, for the rates as they were.
local missing = {}
local buckets = call('ZRANGEBYSCORE', BUCKETS, '(' .. now, '+inf', 'WITHSCORES')
for i = 1, #buckets, 2 do
  local rate = rate_of(buckets[i])
  missing[buckets[i]] = rate and (tonumber(buckets[i + 1]) - now) * rate.tokens / rate.per or 0
end

call('DEL', LIMITS, RUNNING, OPENINGS, BUCKETS)
call('HSET', LIMITS, 'version', version)
for i = 3, #ARGV, 2 do
  call('HSET', LIMITS, ARGV[i], ARGV[i + 1])
end
limited, read_limits, pausing = nil, {}, {} -- to be read anew
for field, tokens in pairs(missing) do
  local rate = rate_of(field)
  if rate and tokens > 0 then
    local full = now + tokens * rate.per / rate.tokens
    call('ZADD', BUCKETS, string.format('%.3f', full), field)
  end
end

local page = 1000
local from = 0
repeat
  local ids = call('ZRANGE', LEASES, from, from + page - 1)
  if #ids > 0 then
    for _, record in ipairs(records(ids)) do
      local state, _, rest = read(record)
      if state == 'L' then
        count(string.match(rest, '^%d ([^ ]+)'), 1)
      end
    end
  end
  from = from + page
until #ids < page

for _, queue in ipairs(call('SMEMBERS', QUEUES)) do
  for _, lane in ipairs(split(call('HGET', LANES, queue))) do
    if is_index(lane) then
      for _, group in ipairs(call('ZRANGEBYSCORE', READY .. lane, CLOSED, '+inf')) do
        call('ZREM', READY .. lane, group)
        place_group(lane, group)
      end
    end
  end
end
for _, key in ipairs(call('ZRANGE', UNPARK, 0, -1)) do
  call('ZADD', UNPARK, now, key) -- its window may be another one
end
freed[#freed + 1] = 'all'
settle()
return 1
