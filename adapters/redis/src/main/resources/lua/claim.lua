-- ARGV from 2: most, for how many milliseconds
-- Returns queue/group, mark, room, queue/group, mark, room, ...
local claims = {}
if has_parked() then
  for _, key in ipairs(call('ZRANGEBYSCORE', UNPARK, '-inf', now, 'LIMIT', 0, tonumber(ARGV[2]))) do
    local mark = parked_of(key)
    if mark then
      local low, room = is_low(string.match(key, '^([^/]+)/(.+)$'))
      if low then
        call('ZADD', UNPARK, now + tonumber(ARGV[3]), key)
        claims[#claims + 1] = key
        claims[#claims + 1] = mark
        claims[#claims + 1] = room
      else
        call('ZADD', UNPARK, NOT_NOW, key)
      end
    else
      call('ZREM', UNPARK, key)
    end
  end
end
return claims
