-- ends: failed
-- the separator makes it long
function f() return (''):rep(1 << 62, 'x') end
