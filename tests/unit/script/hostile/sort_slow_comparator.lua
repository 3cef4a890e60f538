-- ends: overran
-- each comparison takes its time
function f() local t = {} for i = 1, 10000 do t[i] = -i end table.sort(t, function(a, b) for i = 1, 10000 do end return a < b end) end
