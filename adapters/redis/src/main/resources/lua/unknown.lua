-- ARGV from 2, per attempt: id, attempt
-- Returns per attempt: 1 = unknown, 0 = known, or older than the known attempt of its job.
local outcomes = {}
for i = 2, #ARGV, 2 do
  local state, latest = known(ARGV[i])
  outcomes[#outcomes + 1] = (not state or latest < tonumber(ARGV[i + 1])) and 1 or 0
end
return outcomes
