-- ends: done|failed
-- the comparison empties the table
function f() local t = {} for i = 1, 100 do t[i] = 100 - i end table.sort(t, function(a, b) for i = 1, 100 do t[i] = nil end return a < b end) return #t end
