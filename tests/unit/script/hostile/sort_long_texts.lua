-- ends: overran
-- equal for 65,000 bytes
function f()
  local t, s = {}, ('a'):rep(32000)
  for i = 1, 100 do t[i] = s .. i end
  while true do table.sort(t) table.sort(t, function(a, b) return a > b end) end
end
