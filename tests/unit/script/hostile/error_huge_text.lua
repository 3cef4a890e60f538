-- ends: failed
-- a long message
function f() error(('x'):rep(65000)) end
