-- ends: overran|exhausted
-- floats that fall together
function f() local t = {} for i = 1, 1e9 do t[i + 0.5] = true end end
