-- ends: exhausted
-- names that collide only in the next size, where Lua moves all of them at once
function f() local t = {} for n = 11, 20 do t = {} for i = 1, 1 << n do t[(i + 1000) * ((2 << n) - 1)] = true end t[0.5] = true end end
