-- ends: overran
-- long texts with equal beginnings
function f() local s, p = ('a'):rep(65000), ('a'):rep(30000) .. 'b' while true do s:find(p, 1, true) end end
