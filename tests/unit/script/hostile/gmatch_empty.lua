-- ends: overran
-- empty matches for ever
function f() while true do for _ in ('a'):rep(1000):gmatch('') do end end end
