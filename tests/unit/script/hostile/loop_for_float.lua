-- ends: overran
-- a step too small to get anywhere
function f() for i = 1, 2, 1e-300 do local x = i end end
