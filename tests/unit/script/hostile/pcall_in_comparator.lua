-- ends: overran
-- catches it while sorting
function f()
  local t = {} for i = 1, 1000 do t[i] = (i * 7919) % 1000 end
  table.sort(t, function(a, b) pcall(function() while true do end end) return a < b end)
end
