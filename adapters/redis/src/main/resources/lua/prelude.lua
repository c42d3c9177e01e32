-- Stands before every script. KEYS[1] is the prefix of all keys (its hash tag keeps them in one
-- slot); ARGV[1] is for how many milliseconds finished attempts are remembered.
--
--   jobs       hash  id -> what is known of the job, one of
--                      'R attempt priority lane'           ready
--                      'L attempt priority lane worker'    leased; no worker = assumed leased
--                      'F attempt milliseconds'            finished at that time
--   bodies     hash  id -> body, for ready and leased jobs; the envelope of an attempt that is leased
--                    and was not pushed
--   ready:L    zset  id by priority, then arrival. A lane is the jobs of one type in one queue, and
--                    is written queue/type
--   lanes      hash  queue -> its lanes that have ready jobs, separated by spaces
--   turns      zset  queues with ready jobs, the one served longest ago first
--   leases     zset  id by the time its lease ends
--   finished   zset  id by the time it finished
--   offsets    hash  partition -> last offset pushed
--   queues     set   every queue that ever had a ready job
--   sequence   number of arrivals and turns so far
local JOBS = KEYS[1] .. 'jobs'
local BODIES = KEYS[1] .. 'bodies'
local READY = KEYS[1] .. 'ready:'
local LANES = KEYS[1] .. 'lanes'
local TURNS = KEYS[1] .. 'turns'
local LEASES = KEYS[1] .. 'leases'
local FINISHED = KEYS[1] .. 'finished'
local OFFSETS = KEYS[1] .. 'offsets'
local QUEUES = KEYS[1] .. 'queues'
local SEQUENCE = KEYS[1] .. 'sequence'
local WAKE = KEYS[1] .. 'wake'

-- Scores stay below 2^53, where doubles are exact: 10 priorities of 2^49 places, arrivals in the
-- upper half of each and released jobs in the lower.
local PRIORITY_SPAN = 562949953421312
local ARRIVALS_FROM = 281474976710656

-- No reply has many more bytes of messages.
local MOST_BYTES = 8388608

local call = redis.call
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local remembered_since = now - tonumber(ARGV[1])

-- Redis refuses a script's first write when memory is full, if it could need memory; after any
-- other write the script may go on. Scripts that drain the queue begin with this.
local function proceed_when_memory_is_full()
  call('ZREM', FINISHED, '')
end

-- The state, attempt and rest of what is known of a job; nil when nothing is.
local function read(record)
  if not record then
    return nil
  end
  local state, attempt, rest = string.match(record, '^(%u) (%d+) (.*)$')
  if state == 'F' and tonumber(rest) <= remembered_since then
    return nil
  end
  return state, tonumber(attempt), rest
end

local function known(id)
  return read(call('HGET', JOBS, id))
end

-- What is known of many jobs, to be read one by one. A call for each of them would take most of a
-- script's time; so scripts that a healthy job passes through read and write for all at once.
local function records(ids)
  return call('HMGET', JOBS, unpack(ids))
end

-- Runs a command for all of these, if there are any.
local function call_with(command, key, values)
  if #values > 0 then
    call(command, key, unpack(values))
  end
end

local function queue_of(lane)
  return string.match(lane, '^[^/]+')
end

-- The lanes of a queue, out of what stands in the hash.
local function split(text)
  local lanes = {}
  for lane in string.gmatch(text or '', '[^ ]+') do
    lanes[#lanes + 1] = lane
  end
  return lanes
end

-- Notes which lanes of a queue have ready jobs. Without one it has no turn.
local function note_lanes(queue, lanes)
  if #lanes == 0 then
    call('HDEL', LANES, queue)
    call('ZREM', TURNS, queue)
  else
    call('HSET', LANES, queue, table.concat(lanes, ' '))
  end
end

-- Notes that a lane has ready jobs; its queue gets its turn. Returns whether it had none before.
local function open_lane(lane, sequence)
  local queue = queue_of(lane)
  local lanes = split(call('HGET', LANES, queue))
  for _, open in ipairs(lanes) do
    if open == lane then
      return false
    end
  end
  lanes[#lanes + 1] = lane
  note_lanes(queue, lanes)
  if #lanes == 1 then
    call('ZADD', TURNS, 'NX', sequence, queue)
  end
  return true
end

-- Notes that a lane has no ready jobs, if so.
local function close_if_empty(lane)
  if call('EXISTS', READY .. lane) == 1 then
    return
  end
  local queue = queue_of(lane)
  local others = {}
  for _, open in ipairs(split(call('HGET', LANES, queue))) do
    if open ~= lane then
      others[#others + 1] = open
    end
  end
  note_lanes(queue, others)
end

-- How many ready jobs a queue has.
local function depth_of(queue)
  local depth = 0
  for _, lane in ipairs(split(call('HGET', LANES, queue))) do
    depth = depth + call('ZCARD', READY .. lane)
  end
  return depth
end

-- Takes a job out of wherever it stands; its record and body stay, to be overwritten. A job that
-- is not known (state nil) may still stand among the finished, until it is cleared from there.
local function remove(id, state, rest)
  if state == 'R' then
    local lane = string.match(rest, '^%d ([^ ]+)')
    call('ZREM', READY .. lane, id)
    close_if_empty(lane)
  elseif state == 'L' then
    call('ZREM', LEASES, id)
  else
    call('ZREM', FINISHED, id)
  end
end

local function ready_record(attempt, priority, lane)
  return 'R ' .. attempt .. ' ' .. priority .. ' ' .. lane
end

-- The score of a place within a priority.
local function score(priority, place)
  return priority * PRIORITY_SPAN + ARRIVALS_FROM + place
end

local function lease(id, attempt, priority, lane, worker, milliseconds)
  call('HSET', JOBS, id, 'L ' .. attempt .. ' ' .. priority .. ' ' .. lane .. ' ' .. worker)
  call('ZADD', LEASES, now + milliseconds, id)
end

-- Drops what is left of a job of which a part is gone, as happens when Redis evicts keys, so that
-- it counts as unknown and is announced again.
local function discard(id)
  call('HDEL', JOBS, id)
  call('HDEL', BODIES, id)
  call('ZREM', LEASES, id)
end

-- Tells waiting takers which lanes have jobs again.
local function wake(lanes)
  if #lanes > 0 then
    call('PUBLISH', WAKE, table.concat(lanes, ' '))
  end
end

-- What Redis says of its memory: bytes in use, their bound (0 = none), and what it does when the
-- bound is reached. Nothing when it does not let this user ask.
local function memory()
  local info = redis.pcall('INFO', 'memory')
  if type(info) ~= 'string' then
    return {0, 0, ''}
  end
  return {
    tonumber(string.match(info, 'used_memory:(%d+)')) or 0,
    tonumber(string.match(info, 'maxmemory:(%d+)')) or 0,
    string.match(info, 'maxmemory_policy:([%w-]+)') or ''
  }
end

-- Forgets attempts that finished too long ago, at most this many.
local function forget_finished(limit)
  local old = call('ZRANGEBYSCORE', FINISHED, '-inf', remembered_since, 'LIMIT', 0, limit)
  call_with('HDEL', JOBS, old)
  call_with('ZREM', FINISHED, old)
end
