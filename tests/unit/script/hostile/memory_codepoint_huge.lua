-- ends: failed
-- 65,000 results
function f() return utf8.codepoint(('x'):rep(65000), 1, -1) end
