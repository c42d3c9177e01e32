-- ARGV from 2, per job: id, attempt, priority, queue, body, partition, offset ('' = no position)
-- Returns what is known of the memory (three values), then queue, depth, queue, depth, ... for the
-- queues that the batch names.

-- The first write: when memory is full Redis refuses it, and with it the whole batch.
local jobs = (#ARGV - 1) / 7
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

local named = {}
local queues = {}
local awake = {}
for i = 2, #ARGV, 7 do
  local id, attempt, priority, queue = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
  sequence = sequence + 1
  if not named[queue] then
    named[queue] = true
    queues[#queues + 1] = queue
  end
  if ARGV[i + 6] == '' or advances(ARGV[i + 5], ARGV[i + 6]) then
    local state, latest, rest = known(id)
    if not state or latest < attempt then
      remove(id, state, rest)
      call('HSET', BODIES, id, ARGV[i + 4])
      if make_ready(id, attempt, priority, queue, sequence, sequence) then
        awake[#awake + 1] = queue
      end
    end
  end
end
for partition, offset in pairs(changed_offsets) do
  call('HSET', OFFSETS, partition, offset)
end
forget_finished(math.min(2000, 100 + 2 * jobs))
wake(awake)

local depths = memory()
for _, queue in ipairs(queues) do
  call('SADD', QUEUES, queue)
  depths[#depths + 1] = queue
  depths[#depths + 1] = call('ZCARD', READY .. queue)
end
return depths
