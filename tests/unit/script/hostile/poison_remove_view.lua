-- ends: failed
-- by a library function
function f() table.remove(table) end
