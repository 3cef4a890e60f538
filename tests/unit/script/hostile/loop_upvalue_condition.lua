-- ends: overran
-- waits for what never happens
local stop = { now = false }
function f() while not stop.now do end end
