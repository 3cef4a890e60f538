-- ends: overran
-- a full table in which each new name makes room for itself
function f() local t = {} for i = 1, 1024 do t[i * 1023] = i end for i = 1025, 1e9 do t[(i - 1024) * 1023] = nil t[i * 1023] = i end end
