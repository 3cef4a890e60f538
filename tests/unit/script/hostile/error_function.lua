-- ends: failed
-- a function
function f() error(f) end
