-- ends: done
-- powers of two
function f() local t = {} for i = 1, 62 do t[(1 << i) + 0.0] = i end return 1 end
