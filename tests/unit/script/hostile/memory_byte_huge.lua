-- ends: failed
-- 65,000 results
function f() return ('x'):rep(65000):byte(1, -1) end
