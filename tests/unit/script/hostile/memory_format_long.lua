-- ends: failed
-- many long texts
function f() local s = ('x'):rep(60000) return string.format('%s%s%s', s, s, s) end
