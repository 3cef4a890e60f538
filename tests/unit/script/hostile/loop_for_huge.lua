-- ends: overran
-- no end
function f() for i = 1, math.huge do end end
