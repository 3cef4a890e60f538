-- ends: overran
-- opens, opens and never closes
function f() local s = ('('):rep(65000) for i = 1, 1000 do s:find('%b()x') end end
