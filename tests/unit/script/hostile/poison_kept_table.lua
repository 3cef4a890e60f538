-- ends: failed
-- a table that the host kept
local t = keep({ a = { b = 1 } })
function f() t.a.b = 2 end
