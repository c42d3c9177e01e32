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
local taken, from, scores = {}, {}, {}
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
        from[#taken] = queue
        scores[#taken] = popped[i + 1]
      end
      if #popped == 2 * wanted then
        full[#full + 1] = queue
      end
    end
  end
  remaining = full
end

-- Messages in small portions, until they are many bytes: the rest goes back to its place.
local bodies = {}
local bytes = 0
while #bodies < #taken and bytes < MOST_BYTES do
  local portion = {unpack(taken, #bodies + 1, math.min(#bodies + 32, #taken))}
  for _, body in ipairs(call('HMGET', BODIES, unpack(portion))) do
    bodies[#bodies + 1] = body
    bytes = bytes + (body and #body or 0)
  end
end
for i = #taken, #bodies + 1, -1 do
  call('ZADD', READY .. from[i], scores[i], taken[i])
  taken[i] = nil
end

local served = {}
for i = 1, #taken do
  served[from[i]] = i
end
local sequence = call('INCRBY', SEQUENCE, #taken) - #taken
for _, queue in ipairs(queues) do
  if call('EXISTS', READY .. queue) == 0 then
    call('ZREM', TURNS, queue)
  elseif served[queue] then
    call('ZADD', TURNS, sequence + served[queue], queue)
  end
end

if #taken == 0 then
  return {}
end
local records = call('HMGET', JOBS, unpack(taken))
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
