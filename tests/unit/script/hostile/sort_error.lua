-- ends: failed
-- leaves in the middle
function f() local t = {} for i = 1, 1000 do t[i] = 1000 - i end table.sort(t, function(a, b) if a == 500 then error('out') end return a < b end) end
