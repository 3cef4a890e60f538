-- ends: failed
-- no object at all
function f() error(nil) end
