-- ends: failed
-- what belongs to the library
function f() error(string) end
