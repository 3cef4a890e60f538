-- ends: overran|exhausted
-- fractions that have one hash in tables of any size
function f() local t = {} for i = 1, 1e9 do t[0.5 + i * 2.0^-52] = i end end
