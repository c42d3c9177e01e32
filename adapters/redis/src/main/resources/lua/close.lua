-- ARGV from 2: group/Q/G or host/H, milliseconds
-- Closes a destination, unless it is closed for longer already.
local name, milliseconds = ARGV[2], tonumber(ARGV[3])
proceed_when_memory_is_full()
call('ZREMRANGEBYSCORE', CLOSINGS, '-inf', now)
local before = tonumber(call('ZSCORE', CLOSINGS, name) or 0)
call('ZADD', CLOSINGS, math.max(before, now + milliseconds), name)
while call('ZCARD', CLOSINGS) > 1000 do
  call('ZPOPMIN', CLOSINGS)
end
