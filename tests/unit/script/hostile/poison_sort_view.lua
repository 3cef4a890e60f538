-- ends: failed
-- by a library function
function f() table.sort(math) end
