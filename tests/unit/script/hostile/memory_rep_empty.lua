-- ends: done
-- nothing, very often
function f() return #(''):rep(1 << 62) end
