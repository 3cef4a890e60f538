-- ends: overran
-- far away
function f() local s = ('\u{20AC}'):rep(20000) while true do utf8.offset(s, 19000) end end
