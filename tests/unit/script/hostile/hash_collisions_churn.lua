-- ends: overran
-- a full table in which each new name makes room for itself
function f() local t = {} for i = 1, 2048 do t[i * 2047] = i end for i = 2049, 1e9 do t[(i - 2048) * 2047] = nil t[i * 2047] = i end end
