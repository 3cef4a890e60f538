-- ends: exhausted
-- functions kept
function f() local t = {} for i = 1, 1e9 do t[i % 10000] = function() return i, t end end end
