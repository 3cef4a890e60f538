-- ends: failed
-- a level that no stack has
function f() error('x', 1 << 40) end
