-- Returns what is known of the memory (three values), then queue, depth, queue, depth, ...
local depths = memory()
for _, queue in ipairs(call('SMEMBERS', QUEUES)) do
  depths[#depths + 1] = queue
  depths[#depths + 1] = depth_of(queue)
end
return depths
