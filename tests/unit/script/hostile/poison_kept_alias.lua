-- ends: failed
-- through a local
local t = { list = {} }
function f() local l = t.list l[1] = 1 end
