-- ends: exhausted|overran
-- short-lived texts
function f() local s = '' for i = 1, 1e9 do s = ('x'):rep(60000) .. i end end
