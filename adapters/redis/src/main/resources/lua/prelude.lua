-- Stands before every script. KEYS[1] is the prefix of all keys (its hash tag keeps them in one
-- slot); ARGV[1] is for how many milliseconds finished attempts are remembered.
--
--   jobs       hash  id -> what is known of the job, one of
--                      'R attempt priority lane'           ready
--                      'L attempt priority lane worker'    leased; no worker = assumed leased
--                      'F attempt milliseconds'            finished at that time
--   bodies     hash  id -> body, for ready and leased jobs; the envelope of an attempt that is leased
--                    and was not pushed
--   ready:L    zset  id by priority, then arrival. A lane is the jobs of one type in one queue that
--                    have no group, and is written queue/type, or those of one group, and is written
--                    queue/type/group
--   ready:I    zset  the groups that have ready jobs of one type in one queue, by the priority of
--                    their first job, then their place among the groups; those at their limit are
--                    behind all others. This index is written queue/type/
--   grouped    hash  index -> ready jobs of its groups
--   places     hash  queue -> the place of the group served last; queue/ -> the place of the jobs
--                    without a group
--   lanes      hash  queue -> its lanes without group and its indexes that have ready jobs,
--                    separated by spaces
--   costs      hash  id -> the tokens that a job takes, if not 1
--   limits     hash  version -> that of all limits; queue/Q, type/T -> limits; weight/Q/G -> weight;
--                    paused/Q -> number of its paused groups; paused/Q/G -> 1
--   running    hash  queue/Q, type/T, group/Q/G -> leases, where there is a limit
--   buckets    zset  queue/Q, type/T, group/Q/G by the time at which the bucket is full
--   openings   zset  Q/G by the time at which the rate of a group lets its next job start
--   closings   zset  group/Q/G, host/H that asked to be called later by the time at which they are open
--   parked     hash  Q/G -> 'since n best': jobs of the group are parked; since when this is known, how
--                    often any were parked, the best priority that they may have. '' -> how many ready
--                    jobs a queue may have
--   unpark     zset  Q/G of groups with parked jobs, by the time at which to fetch some
--   epoch      the times in milliseconds until which attempts may run unheard, and of the wipe
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
local GROUPED = KEYS[1] .. 'grouped'
local PLACES = KEYS[1] .. 'places'
local COSTS = KEYS[1] .. 'costs'
local LIMITS = KEYS[1] .. 'limits'
local RUNNING = KEYS[1] .. 'running'
local BUCKETS = KEYS[1] .. 'buckets'
local OPENINGS = KEYS[1] .. 'openings'
local EPOCH = KEYS[1] .. 'epoch'
local CLOSINGS = KEYS[1] .. 'closings'
local PARKED = KEYS[1] .. 'parked'
local UNPARK = KEYS[1] .. 'unpark'

-- Scores stay below 2^53, where doubles are exact: 10 priorities of 2^49 places, arrivals in the
-- upper half of each and released jobs in the lower.
local PRIORITY_SPAN = 562949953421312
local ARRIVALS_FROM = 281474976710656

-- The score of a group at its limit: behind all priorities.
local CLOSED = 10 * PRIORITY_SPAN

-- How far a group moves behind by a job of it, divided by its weight.
local ROUND = 1000

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
    call('HDEL', PLACES, queue, queue .. '/')
    call('ZREM', TURNS, queue)
  else
    call('HSET', LANES, queue, table.concat(lanes, ' '))
  end
end

-- Notes that a lane or an index has ready jobs; its queue gets its turn. Returns whether it had
-- none before.
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

-- Notes that a lane or an index has no ready jobs, if so.
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

-- The queue, the type and the group of a lane; '' = none.
local function parts(lane)
  return string.match(lane, '^([^/]+)/([^/]+)/?(.*)$')
end

-- The index that a group's lane stands in, and the group; nil for a lane without group.
local function index_of(lane)
  return string.match(lane, '^([^/]+/[^/]+/)(.+)$')
end

local function is_index(lane)
  return string.sub(lane, -1) == '/'
end

-- How many ready jobs a queue has.
local function depth_of(queue)
  local depth = 0
  for _, lane in ipairs(split(call('HGET', LANES, queue))) do
    if is_index(lane) then
      depth = depth + tonumber(call('HGET', GROUPED, lane) or 0)
    else
      depth = depth + call('ZCARD', READY .. lane)
    end
  end
  return depth
end

local limited
-- Whether there are limits at all.
local function has_limits()
  if limited == nil then
    limited = call('HLEN', LIMITS) > 1 -- beside the version
  end
  return limited
end

local read_limits = {}
-- The limits of queue/Q or type/T; nil when it has none.
local function limits_of(field)
  if not has_limits() then
    return nil
  end
  if read_limits[field] == nil then
    local text = call('HGET', LIMITS, field)
    local limits = false
    if text then
      local numbers = {}
      for number in string.gmatch(text, '[^ ]+') do
        numbers[#numbers + 1] = tonumber(number) or false
      end
      limits = {
        concurrency = numbers[1],
        rate = numbers[2] and {tokens = numbers[2], per = numbers[3], burst = numbers[4]},
        of_group = {
          concurrency = numbers[5],
          rate = numbers[6] and {tokens = numbers[6], per = numbers[7], burst = numbers[8]}
        }
      }
    end
    read_limits[field] = limits
  end
  return read_limits[field] or nil
end

local pausing = {} -- queue -> whether groups of it are paused
-- Whether no job of a group is to start.
local function is_paused(queue, group)
  if not has_limits() then
    return false
  end
  if pausing[queue] == nil then
    pausing[queue] = call('HGET', LIMITS, 'paused/' .. queue) ~= false
  end
  return pausing[queue] and call('HGET', LIMITS, 'paused/' .. queue .. '/' .. group) ~= false
end

local running = {}         -- field -> leases, as far as they were read or changed
local running_changed = {} -- field -> true
local function running_of(field)
  if not running[field] then
    running[field] = tonumber(call('HGET', RUNNING, field) or 0)
  end
  return running[field]
end

local function add_running(field, change)
  running[field] = math.max(0, running_of(field) + change)
  running_changed[field] = true
end

local places = {} -- queue, queue/ -> place, as far as they were read or changed
local function place_of(field)
  if not places[field] then
    places[field] = tonumber(call('HGET', PLACES, field) or 0)
  end
  return places[field]
end

-- By how much a group moves behind.
local function step(queue, group)
  local weight = has_limits() and group ~= '' and call('HGET', LIMITS, 'weight/' .. queue .. '/' .. group)
  return math.floor(ROUND / (tonumber(weight or 1)))
end

-- Lets a group stand in its index as its jobs now are, or not at all. It keeps its place; one that
-- is new there comes behind the others by a round at most.
local function place_group(index, group)
  local head = call('ZRANGE', READY .. index .. group, 0, 0, 'WITHSCORES')
  if #head == 0 then
    call('ZREM', READY .. index, group)
    return
  end
  local before = tonumber(call('ZSCORE', READY .. index, group) or -1)
  if before >= CLOSED then
    return
  end
  local queue = queue_of(index)
  local place = before >= 0 and before % PRIORITY_SPAN or place_of(queue) + step(queue, group)
  local priority = math.floor(tonumber(head[2]) / PRIORITY_SPAN)
  call('ZADD', READY .. index, priority * PRIORITY_SPAN + place, group)
end

local freed = {} -- lanes to be woken, since a limit may let them start

-- Lets a group that is at its limit no longer have its turns.
local function reopen(queue, group)
  local reopened = false
  for _, lane in ipairs(split(call('HGET', LANES, queue))) do
    if is_index(lane) and tonumber(call('ZSCORE', READY .. lane, group) or 0) >= CLOSED then
      call('ZREM', READY .. lane, group)
      place_group(lane, group)
      reopened = true
    end
  end
  return reopened
end

-- Whether as many run as may.
local function is_full(field, limits)
  return limits.concurrency and running_of(field) >= limits.concurrency
end

-- Counts an attempt that is leased from now on (1) or no longer (-1).
local function count(lane, change)
  if not has_limits() then
    return
  end
  local queue, type, group = parts(lane)
  local of_queue = limits_of('queue/' .. queue)
  if of_queue then
    local lets_others = is_full('queue/' .. queue, of_queue)
    add_running('queue/' .. queue, change)
    if group ~= '' then
      add_running('group/' .. queue .. '/' .. group, change)
      if change < 0 then
        lets_others = reopen(queue, group) or lets_others
      end
    end
    if change < 0 and lets_others then
      for _, open in ipairs(split(call('HGET', LANES, queue))) do
        freed[#freed + 1] = open
      end
    end
  end
  local of_type = limits_of('type/' .. type)
  if of_type then
    local lets_others = is_full('type/' .. type, of_type)
    add_running('type/' .. type, change)
    if change < 0 and lets_others then
      freed[#freed + 1] = 'all'
    end
  end
end

-- Adds jobs to a lane: score, id, score, id, ... Returns whether takers may wait for them.
local function add_to_lane(lane, scored, sequence)
  call('ZADD', READY .. lane, unpack(scored))
  local index, group = index_of(lane)
  if not index then
    return open_lane(lane, sequence)
  end
  call('HINCRBY', GROUPED, index, #scored / 2)
  local head = call('ZRANGE', READY .. lane, 0, 0)[1]
  for i = 2, #scored, 2 do
    if scored[i] == head then
      reopen(queue_of(index), group) -- what it waits for may be less
    end
  end
  place_group(index, group)
  open_lane(index, sequence)
  return call('ZCOUNT', READY .. index, '-inf', '(' .. CLOSED) == 1 -- this one, or its queue waits
end

-- How many jobs of a group are kept ready: a few times what may run or start at once.
local SMALLEST_WINDOW, LARGEST_WINDOW = 64, 4096
local USUAL_ROOM = 20000

-- How many jobs of a group that nothing holds back any more are fetched at once.
local NO_WINDOW = 1000

-- The time of a group whose window is not low.
local NOT_NOW = 4503599627370496

local parking
-- Whether any jobs are parked.
local function has_parked()
  if parking == nil then
    parking = call('EXISTS', UNPARK) == 1
  end
  return parking
end

-- How many jobs of a group are ready, of this priority and better ones.
local function ready_of(queue, group, priority)
  local ready = 0
  for _, lane in ipairs(split(call('HGET', LANES, queue))) do
    if is_index(lane) then
      local worse = string.format('(%.0f', (priority + 1) * PRIORITY_SPAN)
      ready = ready + call('ZCOUNT', READY .. lane .. group, '-inf', worse)
    end
  end
  return ready
end

local shares = {} -- queue -> how much of its room each of its groups has
local function share_of(queue)
  if not shares[queue] then
    local groups = 0
    for _, lane in ipairs(split(call('HGET', LANES, queue))) do
      if is_index(lane) then
        groups = groups + call('ZCARD', READY .. lane)
      end
    end
    local room = tonumber(call('HGET', PARKED, '') or USUAL_ROOM)
    shares[queue] = math.max(2, math.floor(room / 2 / math.max(1, groups)))
  end
  return shares[queue]
end

-- How many jobs of a group are kept ready; nil = all, since nothing holds it back.
local function window_of(queue, group)
  local of_queue = limits_of('queue/' .. queue)
  local limits = of_queue and of_queue.of_group
  local at_once = limits and (limits.concurrency or (limits.rate and limits.rate.burst))
  if not at_once and not is_paused(queue, group) then
    return nil
  end
  local window = math.min(LARGEST_WINDOW, math.max(SMALLEST_WINDOW, 4 * (at_once or 1)))
  return math.min(window, share_of(queue))
end

-- Whether more jobs of a group are wanted; and how many.
local function is_low(queue, group)
  local window = window_of(queue, group) or NO_WINDOW
  local ready = ready_of(queue, group, 9)
  return ready <= math.floor(window / 2), window - ready
end

-- Asks for parked jobs of a group if there are any and its window is low.
local function note_low(queue, group)
  if not has_parked() then
    return
  end
  local key = queue .. '/' .. group
  local at = call('ZSCORE', UNPARK, key)
  if at and tonumber(at) >= NOT_NOW and is_low(queue, group) then
    call('ZADD', UNPARK, now, key)
  end
end

-- The mark and the best priority of the parked jobs of a group; nil = it has none.
local function parked_of(key)
  return string.match(call('HGET', PARKED, key) or '', '^(%d+ %d+) (%d)$')
end

-- Notes that jobs of a group are parked, of this priority or worse ones.
local function note_parked(key, best)
  local mark, before = parked_of(key)
  local since, times = string.match(mark or '', '^(%d+) (%d+)$')
  call('HSET', PARKED, key, string.format('%.0f %.0f %d', tonumber(since or now),
    tonumber(times or 0) + 1, math.min(best, tonumber(before or 9))))
  if not call('ZSCORE', UNPARK, key) then
    call('ZADD', UNPARK, NOT_NOW, key)
  end
  parking = true
end

-- Takes a job out of the lane that it is ready in.
local function remove_from_lane(lane, id)
  local index, group = index_of(lane)
  local removed = call('ZREM', READY .. lane, id)
  if index then
    call('HINCRBY', GROUPED, index, -removed)
    reopen(queue_of(index), group)
    place_group(index, group)
    note_low(queue_of(index), group)
  end
  close_if_empty(index or lane)
end

-- Takes a job out of wherever it stands; its record and body stay, to be overwritten. A job that
-- is not known (state nil) may still stand among the finished, until it is cleared from there.
local function remove(id, state, rest)
  if state == 'R' then
    remove_from_lane(string.match(rest, '^%d ([^ ]+)'), id)
  elseif state == 'L' then
    call('ZREM', LEASES, id)
    count(string.match(rest, '^%d ([^ ]+)'), -1)
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
  call('HDEL', COSTS, id)
  call('ZREM', LEASES, id)
end

-- Tells waiting takers which lanes have jobs again; a name that is none stands for all.
local function wake(lanes)
  if #lanes == 0 then
    return
  end
  local names, named = {}, {}
  for _, lane in ipairs(lanes) do
    local name = string.match(lane, '^[^/]+/[^/]+') or lane
    if not named[name] then
      named[name] = true
      names[#names + 1] = name
    end
  end
  call('PUBLISH', WAKE, table.concat(names, ' '))
end

-- Writes what was counted, and wakes whom that lets go on. Ends every script that counts.
local function settle()
  for field in pairs(running_changed) do
    if running[field] > 0 then
      call('HSET', RUNNING, field, running[field])
    else
      call('HDEL', RUNNING, field)
    end
  end
  wake(freed)
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
