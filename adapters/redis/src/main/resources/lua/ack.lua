-- ARGV from 2, per attempt: id, attempt
proceed_when_memory_is_full()
local ids = {}
for i = 2, #ARGV, 2 do
  ids[#ids + 1] = ARGV[i]
end
local before = records(ids)

local finished = {} -- id -> its new record
local done, leased, new_records, times = {}, {}, {}, {}
for n, id in ipairs(ids) do
  local attempt = tonumber(ARGV[2 * n + 1])
  local state, latest, rest = read(finished[id] or before[n])
  if not state or latest <= attempt then
    if state == 'L' then
      leased[#leased + 1] = id
      count(string.match(rest, '^%d ([^ ]+)'), -1)
    elseif state == 'R' then
      remove(id, state, rest)
    end
    finished[id] = 'F ' .. attempt .. ' ' .. now
    done[#done + 1] = id
    new_records[#new_records + 1] = id
    new_records[#new_records + 1] = finished[id]
    times[#times + 1] = now
    times[#times + 1] = id
  end
end
call_with('ZREM', LEASES, leased)
call_with('HDEL', BODIES, done)
if call('EXISTS', COSTS) == 1 then
  call_with('HDEL', COSTS, done)
end
call_with('HSET', JOBS, new_records)
call_with('ZADD', FINISHED, times)
forget_finished(math.min(2000, 100 + #ARGV))
settle()
