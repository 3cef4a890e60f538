-- ends: overran
-- long texts
function f() local s = ('x'):rep(65000) while true do utf8.len(s) end end
