-- ends: failed
-- a text as long as memory
function f() return ('x'):rep(1 << 40) end
