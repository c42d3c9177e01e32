-- ARGV from 2: worker, lease in milliseconds, limit, most jobs of a queue, version of the limits
-- that the worker knows, number of weights, number of queues, queues... (none = all), weights...
-- (none, or one for each queue: they are served in this order), number of queues with less room,
-- queue, room, ..., types... (none = all)
-- Returns when to look again, then id, attempt, message, id, attempt, message, ... When is in
-- milliseconds from now; -1 = when woken, -2 = nothing was done: the limits come first.
local worker, milliseconds, limit = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local most = tonumber(ARGV[5])
local version = tonumber(ARGV[6])
local named = {unpack(ARGV, 9, 8 + ARGV[8])}
local weighted = tonumber(ARGV[7]) > 0
local weights = {}
if weighted then
  for i, name in ipairs(named) do
    weights[name] = tonumber(ARGV[8 + #named + i])
  end
end
local at = 9 + #named + ARGV[7]
local room = {}
for i = at + 1, at + 2 * ARGV[at], 2 do
  room[ARGV[i]] = tonumber(ARGV[i + 1])
end
local types = {}
for i = at + 1 + 2 * ARGV[at], #ARGV do
  types[ARGV[i]] = true
end
local every_type = next(types) == nil

if version > 0 and tonumber(call('HGET', LIMITS, 'version') or 0) < version then
  return {-2}
end

local again = -1
local function look_again_in(wait)
  wait = math.max(1, math.ceil(wait))
  if again < 0 or wait < again then
    again = wait
  end
end

-- The lanes and indexes of a queue to take from.
local function wanted(lanes)
  local some = {}
  for _, lane in ipairs(lanes) do
    local _, type = parts(lane)
    if every_type or types[type] then
      some[#some + 1] = lane
    end
  end
  return some
end

-- Takes tokens, or gives them back (a cost below 0).
local function spend(field, limits, cost)
  if limits and limits.rate then
    local full = math.max(now, full_at(field, limits.rate)) + time_of(limits.rate, cost)
    call('ZADD', BUCKETS, string.format('%.3f', full), field)
  end
end

-- Groups whose time has come get their turns again.
if has_limits() or call('EXISTS', OPENINGS) == 1 then
  for _, name in ipairs(call('ZRANGEBYSCORE', OPENINGS, '-inf', now, 'LIMIT', 0, 100)) do
    call('ZREM', OPENINGS, name)
    reopen(string.match(name, '^([^/]+)/(.+)$'))
  end
  call('ZREMRANGEBYSCORE', BUCKETS, '-inf', now)
  local first = call('ZRANGE', OPENINGS, 0, 0, 'WITHSCORES')
  if first[2] then
    look_again_in(tonumber(first[2]) - now)
  end
end

-- Whether a queue's jobs can be taken as they stand: no limits, no groups.
local function is_plain(name, from)
  if limits_of('queue/' .. name) then
    return false
  end
  for _, lane in ipairs(from) do
    local _, type = parts(lane)
    if is_index(lane) or limits_of('type/' .. type) then
      return false
    end
  end
  return true
end

-- The group to be served next in one lane or index of a queue; nil = none.
local function head_of(queue, lane)
  local head = call('ZRANGE', READY .. lane, 0, 0, 'WITHSCORES')
  local score = tonumber(head[2] or CLOSED)
  if score >= CLOSED then
    return nil
  end
  local priority = math.floor(score / PRIORITY_SPAN)
  if not is_index(lane) then
    local place = math.max(place_of(queue.name .. '/'), place_of(queue.name))
    return {lane = lane, id = head[1], score = head[2], group = '', priority = priority,
      place = place, rank = score}
  end
  local group = head[1]
  local first = call('ZRANGE', READY .. lane .. group, 0, 0, 'WITHSCORES')
  if #first == 0 then
    place_group(lane, group) -- it stood there without a job
    return head_of(queue, lane)
  end
  return {lane = lane .. group, index = lane, id = first[1], score = first[2], group = group,
    priority = priority, place = score % PRIORITY_SPAN, rank = tonumber(first[2])}
end

local function comes_before(a, b)
  if a.priority ~= b.priority then
    return a.priority < b.priority
  elseif a.place ~= b.place then
    return a.place < b.place
  elseif a.group ~= b.group then
    return a.group < b.group
  end
  return a.rank < b.rank
end

-- Keeps a group from its turns until one of its attempts ends, or for a while.
local function close_group(queue, group, wait)
  for _, lane in ipairs(queue.lanes) do
    if is_index(lane) and call('ZSCORE', READY .. lane, group) then
      call('ZADD', READY .. lane, CLOSED, group)
    end
  end
  if wait ~= 'ended' then
    call('ZADD', OPENINGS, now + math.ceil(wait), queue.name .. '/' .. group)
  end
end

local any_closed
-- For how long a group is closed since it asked to be called later; 0 = it is not.
local function closed_for(queue, group)
  if any_closed == nil then
    call('ZREMRANGEBYSCORE', CLOSINGS, '-inf', now)
    any_closed = call('EXISTS', CLOSINGS) == 1
  end
  local open = any_closed and call('ZSCORE', CLOSINGS, 'group/' .. queue .. '/' .. group)
  return open and math.max(0, tonumber(open) - now) or 0
end

-- Groups at their limits that one call closes in a queue.
local MOST_SHUT = 500

-- The next job of a queue that may start; nil = none. Groups and types at their limits are closed
-- on the way.
local function next_of(queue)
  local of_queue = limits_of('queue/' .. queue.name)
  if of_queue and of_queue.concurrency then
    read_epoch()
    if known_from > now then
      look_again_in(known_from - now)
      return nil
    end
  end
  while true do
    local best
    for _, lane in ipairs(queue.from) do
      local head = not queue.closed[lane] and head_of(queue, lane)
      if head and (not best or comes_before(head, best)) then
        best = head
      end
    end
    if not best then
      return nil
    end
    local _, type = parts(best.lane)
    best.type = type
    local of_type = limits_of('type/' .. type)
    best.cost = has_limits() and tonumber(call('HGET', COSTS, best.id) or 1) or 1
    local wait = of_type and wait_of('type/' .. type, of_type, best.cost) or 0
    if wait ~= 0 then
      queue.closed[best.index or best.lane] = true
    else
      if best.index then
        if is_paused(queue.name, best.group) then
          wait = 'ended'
        else
          wait = closed_for(queue.name, best.group)
        end
        if wait == 0 and of_queue then
          local field = 'group/' .. queue.name .. '/' .. best.group
          wait = wait_of(field, of_queue.of_group, best.cost)
        end
        if wait ~= 0 then
          close_group(queue, best.group, wait)
          queue.shut = (queue.shut or 0) + 1
          if queue.shut >= MOST_SHUT then
            look_again_in(1) -- go on in another call, so that others get a turn
            return nil
          end
        end
      end
      if wait == 0 then
        wait = of_queue and wait_of('queue/' .. queue.name, of_queue, best.cost) or 0
        if wait == 0 then
          return best
        end
        queue.closed_itself = true
      end
    end
    if wait ~= 'ended' then
      look_again_in(wait)
    end
    if queue.closed_itself then
      return nil
    end
  end
end

-- Adds those of these queues that have something to take.
local function add(queues, names)
  local texts = call('HMGET', LANES, unpack(names))
  for n, name in ipairs(names) do
    local lanes = split(texts[n])
    local from = wanted(lanes)
    local free = room[name] or most
    if #from > 0 and free > 0 and #queues < limit then
      local queue = {name = name, lanes = lanes, from = from, room = free, closed = {}}
      queue.plain = is_plain(name, from)
      if queue.plain or next_of(queue) then
        queues[#queues + 1] = queue
      end
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
  if not weighted then
    table.sort(names, function(a, b) return turn[a] < turn[b] end)
  end
  if #names > 0 then
    add(queues, names)
  end
end
if #queues == 0 then
  forget_finished(100)
  return {again}
end

local taken, from, scores, costs = {}, {}, {}, {}
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

-- Counts a job as started (1), or as not started after all (-1), with its tokens.
local function start(lane, change, cost)
  count(lane, change)
  local queue, type, group = parts(lane)
  local of_queue = limits_of('queue/' .. queue)
  if of_queue then
    spend('queue/' .. queue, of_queue, change * cost)
    if group ~= '' then
      spend('group/' .. queue .. '/' .. group, of_queue.of_group, change * cost)
    end
  end
  spend('type/' .. type, limits_of('type/' .. type), change * cost)
end

-- Takes the next job of a queue with limits or groups; false = there is none that may start.
local function take_next(queue)
  local job = next_of(queue)
  if not job then
    return false
  end
  taken[#taken + 1] = job.id
  from[#taken] = job.lane
  scores[#taken] = job.score
  costs[#taken] = job.cost
  call('ZREM', READY .. job.lane, job.id)
  places[queue.name] = math.max(place_of(queue.name), job.place)
  queue.moved = true
  if job.index then
    call('HINCRBY', GROUPED, job.index, -1)
    local place = job.place + step(queue.name, job.group)
    for _, lane in ipairs(queue.lanes) do
      local before = is_index(lane) and call('ZSCORE', READY .. lane, job.group)
      if before and tonumber(before) < CLOSED then
        local priority = math.floor(tonumber(before) / PRIORITY_SPAN)
        call('ZADD', READY .. lane, priority * PRIORITY_SPAN + place, job.group)
      end
    end
    place_group(job.index, job.group)
    note_low(queue.name, job.group)
  else
    places[queue.name .. '/'] = job.place + ROUND
  end
  start(job.lane, 1, job.cost)
  return true
end

local function take_fairly(queue, count)
  for i = 1, count do
    if not take_next(queue) then
      return i - 1
    end
  end
  return count
end

-- Rounds of equal shares, or of shares by weight, until there are enough or all are empty.
local remaining = queues
while #taken < limit and #remaining > 0 do
  local share = math.max(1, math.floor((limit - #taken) / #remaining))
  local full = {}
  local sum = 0
  for _, queue in ipairs(remaining) do
    sum = sum + (weights[queue.name] or 1)
  end
  for _, queue in ipairs(remaining) do
    if weighted then
      share = math.ceil((limit - #taken) * weights[queue.name] / sum)
      sum = sum - weights[queue.name]
    end
    local count = math.min(share, limit - #taken, queue.room)
    if count > 0 then
      local got
      if not queue.plain then
        got = take_fairly(queue, count)
      elseif #queue.from == 1 then
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
  local index, group = index_of(from[i])
  call('ZADD', READY .. from[i], scores[i], taken[i])
  if index then
    call('HINCRBY', GROUPED, index, 1)
    place_group(index, group)
  end
  if costs[i] then
    start(from[i], -1, costs[i])
  end
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
  if queue.moved and #open > 0 then
    local none = queue.name .. '/'
    call('HSET', PLACES, queue.name, place_of(queue.name), none, place_of(none))
  end
end

if #taken == 0 then
  settle()
  return {again}
end
local records = call('HMGET', JOBS, unpack(taken))
local messages = {again}
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
    if costs[i] then
      count(from[i], -1)
    end
    discard(id)
  end
end
settle()
if #messages > 1 then
  call('HSET', JOBS, unpack(leased))
  call('ZADD', LEASES, unpack(ends))
end
forget_finished(100)
return messages
