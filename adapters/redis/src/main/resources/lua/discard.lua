-- ARGV from 2: worker; then ids of messages that it has leased and cannot read
local worker = ARGV[2]
for i = 3, #ARGV do
  local state, _, rest = known(ARGV[i])
  if not state or (state == 'L' and string.match(rest, '^%d [^ ]+ (.*)$') == worker) then
    if state then
      count(string.match(rest, '^%d ([^ ]+)'), -1)
    end
    discard(ARGV[i])
  end
end
settle()
