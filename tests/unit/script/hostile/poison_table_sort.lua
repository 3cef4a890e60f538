-- ends: failed
-- at run time
function f() table.sort = nil end
