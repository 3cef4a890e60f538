-- ends: failed
-- a table in itself
function f() local t = {} t.t = t error(t) end
