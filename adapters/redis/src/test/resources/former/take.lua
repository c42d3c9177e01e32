-- ARGV from 2: worker, lease in milliseconds, limit, most jobs of a queue, number of queues,
-- queues... (none = all), number of queues with less room, queue, room, ..., types... (none = all)
-- Returns id, attempt, message, id, attempt, message, ...
local worker, milliseconds, limit = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local most = tonumber(ARGV[5])
local named = {unpack(ARGV, 7, 6 + ARGV[6])}
local at = 7 + #named
local room = {}
for i = at + 1, at + 2 * ARGV[at], 2 do
  room[ARGV[i]] = tonumber(ARGV[i + 1])
end
local types = {}
for i = at + 1 + 2 * ARGV[at], #ARGV do
  types[ARGV[i]] = true
end
local every_type = next(types) == nil

-- The lanes of a queue to take from.
local function wanted(lanes)
  if every_type then
    return lanes
  end
  local some = {}
  for _, lane in ipairs(lanes) do
    if types[string.match(lane, '[^/]+$')] then
      some[#some + 1] = lane
    end
  end
  return some
end

-- Adds those of these queues that have something to take.
local function add(queues, names)
  local texts = call('HMGET', LANES, unpack(names))
  for n, name in ipairs(names) do
    local lanes = split(texts[n])
    local from = wanted(lanes)
    local free = room[name] or most
    if #from > 0 and free > 0 and #queues < limit then
      queues[#queues + 1] = {name = name, lanes = lanes, from = from, room = free}
    end
  end
end

-- Those with jobs to take, the one served longest ago first.
local queues = {}
if #named == 0 then
  local page, seen = math.max(32, limit), 0
  repeat
    local names = call('ZRANGE', TURNS, seen, seen + page - 1)
    if #names > 0 then
      add(queues, names)
    end
    seen = seen + page
  until #names < page or #queues >= limit
else
  local turn, names = {}, {}
  for _, name in ipairs(named) do
    local score = call('ZSCORE', TURNS, name)
    if score then
      turn[name] = tonumber(score)
      names[#names + 1] = name
    end
  end
  table.sort(names, function(a, b) return turn[a] < turn[b] end)
  if #names > 0 then
    add(queues, names)
  end
end
if #queues == 0 then
  forget_finished(100)
  return {}
end

local taken, from, scores = {}, {}, {}
local function take(lane, count)
  local popped = call('ZPOPMIN', READY .. lane, count)
  for i = 1, #popped, 2 do
    taken[#taken + 1] = popped[i]
    from[#taken] = lane
    scores[#taken] = popped[i + 1]
  end
  return #popped / 2
end

-- The first jobs of several lanes, as if they stood in one.
local function take_merged(lanes, count)
  local heads = {}
  for _, lane in ipairs(lanes) do
    local head = call('ZRANGE', READY .. lane, 0, count - 1, 'WITHSCORES')
    for i = 1, #head, 2 do
      heads[#heads + 1] = {id = head[i], lane = lane, score = tonumber(head[i + 1])}
    end
  end
  table.sort(heads, function(a, b)
    return a.score < b.score or (a.score == b.score and a.id < b.id)
  end)
  local ids = {} -- lane -> those to take
  for i = 1, math.min(count, #heads) do
    local head = heads[i]
    taken[#taken + 1] = head.id
    from[#taken] = head.lane
    scores[#taken] = string.format('%.0f', head.score)
    ids[head.lane] = ids[head.lane] or {}
    table.insert(ids[head.lane], head.id)
  end
  for lane, of_lane in pairs(ids) do
    call('ZREM', READY .. lane, unpack(of_lane))
  end
  return math.min(count, #heads)
end

-- Rounds of equal shares, until there are enough or all are empty.
local remaining = queues
while #taken < limit and #remaining > 0 do
  local share = math.max(1, math.floor((limit - #taken) / #remaining))
  local full = {}
  for _, queue in ipairs(remaining) do
    local count = math.min(share, limit - #taken, queue.room)
    if count > 0 then
      local got
      if #queue.from == 1 then
        got = take(queue.from[1], count)
      else
        got = take_merged(queue.from, count)
      end
      queue.room = queue.room - got
      if got == count and queue.room > 0 then
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
  served[queue_of(from[i])] = i
end
local sequence = call('INCRBY', SEQUENCE, #taken) - #taken
for _, queue in ipairs(queues) do
  local emptied = {}
  for _, lane in ipairs(queue.from) do
    emptied[lane] = call('EXISTS', READY .. lane) == 0
  end
  local open = {}
  for _, lane in ipairs(queue.lanes) do
    if not emptied[lane] then
      open[#open + 1] = lane
    end
  end
  if #open < #queue.lanes then
    note_lanes(queue.name, open)
  end
  if #open > 0 and served[queue.name] then
    call('ZADD', TURNS, sequence + served[queue.name], queue.name)
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
    discard(id)
  end
end
if #messages > 0 then
  call('HSET', JOBS, unpack(leased))
  call('ZADD', LEASES, unpack(ends))
end
forget_finished(100)
return messages
