-- ends: failed
-- by a library function
function f() table.insert(string, 1) end
