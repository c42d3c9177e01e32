-- ARGV from 2: worker, lease in milliseconds, limit, queues... (none = all)
-- Returns id, attempt, message, id, attempt, message, ...
local worker, milliseconds, limit = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

-- Those with ready jobs, the one served longest ago first.
local queues = {}
if #ARGV == 4 then
  queues = call('ZRANGE', TURNS, 0, limit - 1)
else
  local turn = {}
  for i = 5, #ARGV do
    local score = call('ZSCORE', TURNS, ARGV[i])
    if score then
      turn[ARGV[i]] = tonumber(score)
      queues[#queues + 1] = ARGV[i]
    end
  end
  table.sort(queues, function(a, b) return turn[a] < turn[b] end)
end
if #queues == 0 then
  forget_finished(100)
  return {}
end

-- Rounds of equal shares, until there are enough or all are empty.
local taken = {}
local served = {}
local remaining = queues
while #taken < limit and #remaining > 0 do
  local share = math.max(1, math.floor((limit - #taken) / #remaining))
  local full = {}
  for _, queue in ipairs(remaining) do
    local wanted = math.min(share, limit - #taken)
    if wanted > 0 then
      local popped = call('ZPOPMIN', READY .. queue, wanted)
      for i = 1, #popped, 2 do
        taken[#taken + 1] = popped[i]
      end
      if #popped == 2 * wanted then
        full[#full + 1] = queue
      end
      served[queue] = #taken
    end
  end
  remaining = full
end
local sequence = call('INCRBY', SEQUENCE, #taken) - #taken
for queue, turn in pairs(served) do
  if call('EXISTS', READY .. queue) == 1 then
    call('ZADD', TURNS, sequence + turn, queue)
  else
    call('ZREM', TURNS, queue)
  end
end

if #taken == 0 then
  return {}
end
local records = call('HMGET', JOBS, unpack(taken))
local bodies = call('HMGET', BODIES, unpack(taken))
local messages = {}
local leased = {}
local ends = {}
for i, id in ipairs(taken) do
  local attempt = records[i] and string.match(records[i], '^%u (%d+) ')
  if attempt and bodies[i] then
    messages[#messages + 1] = id
    messages[#messages + 1] = tonumber(attempt)
    messages[#messages + 1] = bodies[i]
    leased[#leased + 1] = id
    leased[#leased + 1] = 'L' .. string.sub(records[i], 2) .. ' ' .. worker
    ends[#ends + 1] = now + milliseconds
    ends[#ends + 1] = id
  else
    lose(id)
  end
end
if #messages > 0 then
  call('HSET', JOBS, unpack(leased))
  call('ZADD', LEASES, unpack(ends))
end
forget_finished(100)
return messages
