-- ARGV from 2, per job: id, attempt, priority, lane, body ('' = it is parked), cost, partition,
-- offset ('' = no position)
-- Returns what is known of the memory (three values), then queue, depth, queue, depth, ... for the
-- queues that the batch names.

-- The first write: when memory is full Redis refuses it, and with it the whole batch.
local jobs = (#ARGV - 1) / 8
local sequence = call('INCRBY', SEQUENCE, jobs) - jobs

local offsets = {}
local changed_offsets = {}
local function advances(partition, offset)
  local number = tonumber(offset)
  local last = offsets[partition] or tonumber(call('HGET', OFFSETS, partition) or -1)
  if number <= last then
    return false
  end
  offsets[partition] = number
  changed_offsets[partition] = offset
  return true
end

local ids = {}
for i = 2, #ARGV, 8 do
  ids[#ids + 1] = ARGV[i]
end
local before = records(ids)

local awake = {}
local known_before = {} -- their costs may be those of an earlier attempt
local collected = {}   -- id -> true
local unknown, bodies, new_records, costs = {}, {}, {}, {}
local scores = {}      -- lane -> score, id, score, id, ...
local turns = {}       -- lane -> sequence of its first job

-- Makes what was collected ready.
local function make_ready()
  call_with('ZREM', FINISHED, unknown)
  call_with('HSET', BODIES, bodies)
  call_with('HSET', JOBS, new_records)
  if #known_before > 0 then
    call('HDEL', COSTS, unpack(known_before))
  end
  call_with('HSET', COSTS, costs)
  for lane, pairs_of_lane in pairs(scores) do
    if add_to_lane(lane, pairs_of_lane, turns[lane]) then
      awake[#awake + 1] = lane
    end
  end
  known_before = {}
  collected, unknown, bodies, new_records, costs = {}, {}, {}, {}, {}
  scores, turns = {}, {}
end

local function collect(id, attempt, priority, lane, body, cost)
  collected[id] = true
  bodies[#bodies + 1] = id
  bodies[#bodies + 1] = body
  new_records[#new_records + 1] = id
  new_records[#new_records + 1] = ready_record(attempt, priority, lane)
  if cost ~= '1' then
    costs[#costs + 1] = id
    costs[#costs + 1] = cost
  end
  if not scores[lane] then
    scores[lane] = {}
    turns[lane] = sequence
  end
  local of_lane = scores[lane]
  of_lane[#of_lane + 1] = score(priority, sequence)
  of_lane[#of_lane + 1] = id
end

local parked = {} -- queue/group -> the best priority of those parked

-- Leaves to the store what is parked there, and lets go of an attempt before.
local function leave(id, state, latest, rest, priority, lane)
  if state == 'R' or state == 'L' then
    remove(id, state, rest)
    call('HDEL', BODIES, id)
    call('HDEL', COSTS, id)
    call('HSET', JOBS, id, string.format('F %d %.0f', latest, now))
    call('ZADD', FINISHED, now, id)
  end
  local _, _, group = parts(lane)
  local key = queue_of(lane) .. '/' .. group
  parked[key] = math.min(tonumber(priority), parked[key] or 9)
end

local named = {}
local queues = {}
for n, id in ipairs(ids) do
  local i = 8 * n - 6
  local attempt, priority, lane = tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
  sequence = sequence + 1
  if not named[lane] then
    named[lane] = true
    local queue = queue_of(lane)
    if not named[queue] then
      named[queue] = true
      queues[#queues + 1] = queue
    end
  end
  if ARGV[i + 7] == '' or advances(ARGV[i + 6], ARGV[i + 7]) then
    local record = before[n]
    if collected[id] then
      make_ready()
      record = call('HGET', JOBS, id)
    end
    local state, latest, rest = read(record)
    if ARGV[i + 4] == '' then
      if not state or latest < attempt then
        leave(id, state, latest, rest, priority, lane)
      end
    elseif not state or latest < attempt then
      if state then
        remove(id, state, rest)
        known_before[#known_before + 1] = id
      else
        unknown[#unknown + 1] = id
      end
      collect(id, attempt, priority, lane, ARGV[i + 4], ARGV[i + 5])
    end
  end
end
make_ready()
for key, best in pairs(parked) do
  note_parked(key, best)
  note_low(string.match(key, '^([^/]+)/(.+)$'))
end
for partition, offset in pairs(changed_offsets) do
  call('HSET', OFFSETS, partition, offset)
end
forget_finished(math.min(2000, 100 + 2 * jobs))
wake(awake)
settle()

local depths = memory()
for _, queue in ipairs(queues) do
  call('SADD', QUEUES, queue)
  depths[#depths + 1] = queue
  depths[#depths + 1] = depth_of(queue)
end
return depths
