-- ends: overran|exhausted
-- integers that fall together
function f() local t = {} for i = 1, 1e9 do t[i * ((1 << 17) - 1)] = true end end
